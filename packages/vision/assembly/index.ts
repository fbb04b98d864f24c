/** Pillow's resampling of 8 bits, and normalisation. The caller lays out memory, from `heapBase` on. */

export { resampleRows } from './across'
export { resampleColumns } from './down'
export { normalise } from './normalise'

/** Where memory that the kernels do not use themselves begins. */
export function heapBase(): usize {
  return __heap_base
}
