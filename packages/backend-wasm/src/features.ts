import { builtin } from './workers.js'

/** What the JavaScript engine and the page allow. */
export interface Features {
  readonly simd: boolean
  readonly relaxedSimd: boolean
  readonly sharedMemory: boolean
  /** Processors that the system lets this process use. */
  readonly cores: number
}

export function detectFeatures(): Features {
  return {
    simd: validates(splat()),
    relaxedSimd: validates([...splat(), ...splat(), ...splat(), ...relaxedMadd]),
    sharedMemory: hasSharedMemory(),
    cores: builtin('node:os')?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1,
  }
}

/** `i8x16.splat(0)`. */
const splat = () => [0x41, 0x00, 0xfd, 0x0f]
/** `f32x4.relaxed_madd`. */
const relaxedMadd = [0xfd, 0x85, 0x02]

/** Whether a module with one function of this code, which yields a vector, is valid. */
function validates(code: readonly number[]): boolean {
  if (typeof WebAssembly === 'undefined') return false
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
  const types = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b]
  const functions = [0x03, 0x02, 0x01, 0x00]
  const body = [0x00, ...code, 0x0b]
  const section = [0x0a, body.length + 2, 0x01, body.length, ...body]
  return WebAssembly.validate(Uint8Array.of(...header, ...types, ...functions, ...section))
}

/** In a page, shared memory comes with cross-origin isolation alone. */
function hasSharedMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false
  return (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false
}
