import { describe, isCounts, numpyTypes } from './names.js'
import { type Fail, type PickledArray, PickledDType } from './values.js'

/** Fills an array in from its state, `(version, shape, dtype, is_fortran, bytes)`. */
export function fillArray(array: PickledArray, state: unknown, fail: Fail): void {
  const [, shape, type, fortranOrder, bytes] = Array.isArray(state) ? state : []
  if (!isCounts(shape) || !(type instanceof PickledDType)) {
    fail('the state of a NumPy array', describe(state))
    return
  }
  array.shape = shape
  array.dtype = type.dtype
  array.fortranOrder = fortranOrder === true
  if (bytes instanceof Uint8Array) array.bytes = bytes
}

/** Fills a type in from its state, `(version, byte order, …)`. */
export function fillType(type: PickledDType, state: unknown, fail: Fail): void {
  const [, order] = Array.isArray(state) ? state : fail('the state of a NumPy type', describe(state))
  if (order === '>' && type.code !== 'i1' && type.code !== 'u1') type.dtype = undefined
  else type.dtype = numpyTypes.get(type.code)
}
