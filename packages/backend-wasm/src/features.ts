import type { Availability } from '@resnet-ts/graph'
import { builtin } from './builtin.js'
import type { WasmOptions } from './options.js'

/** What the JavaScript engine and the page allow. */
export interface Features {
  readonly webAssembly: boolean
  readonly simd: boolean
  readonly relaxedSimd: boolean
  /** Whether bytes may be compiled: a page's Content-Security-Policy can forbid it, and some servers do. */
  readonly compiling: boolean
  readonly sharedMemory: boolean
  /** Processors that the system lets this process use. */
  readonly cores: number
}

export function detectFeatures(): Features {
  const webAssembly = typeof WebAssembly !== 'undefined'
  return {
    webAssembly,
    simd: webAssembly && WebAssembly.validate(moduleOf(splat())),
    relaxedSimd: webAssembly && WebAssembly.validate(moduleOf([...splat(), ...splat(), ...splat(), ...relaxedMadd])),
    compiling: webAssembly && compiles(moduleOf(splat())),
    sharedMemory: hasSharedMemory(),
    cores: builtin('node:os')?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1,
  }
}

/** Whether the engine can run with these features, and if not, why. */
export function availabilityOf(features: Features, { binary }: Pick<WasmOptions, 'binary'>): Availability {
  const reason = lackOf(features, binary !== undefined)
  return reason ? { available: false, reason } : { available: true }
}

function lackOf({ webAssembly, simd, compiling }: Features, isGiven: boolean): string | undefined {
  if (!webAssembly) return 'there is no WebAssembly here'
  if (!simd) return 'this WebAssembly engine has no SIMD; every browser and Node since 2023 has'
  if (compiling || isGiven) return undefined
  return (
    "WebAssembly may not be compiled here: a page's Content-Security-Policy has to allow 'wasm-unsafe-eval'; where " +
    "compiled modules are to be had, pass them by the option 'binary'"
  )
}

/** `i8x16.splat(0)`. */
const splat = () => [0x41, 0x00, 0xfd, 0x0f]
/** `f32x4.relaxed_madd`. */
const relaxedMadd = [0xfd, 0x85, 0x02]

/** A module with one function of this code, which yields a vector. */
function moduleOf(code: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
  const types = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b]
  const functions = [0x03, 0x02, 0x01, 0x00]
  const body = [0x00, ...code, 0x0b]
  const section = [0x0a, body.length + 2, 0x01, body.length, ...body]
  return Uint8Array.of(...header, ...types, ...functions, ...section)
}

function compiles(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    return new WebAssembly.Module(bytes) !== undefined
  } catch {
    return false
  }
}

/** In a page, shared memory comes with cross-origin isolation alone. */
function hasSharedMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false
  return (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false
}
