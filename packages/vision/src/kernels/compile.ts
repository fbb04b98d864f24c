import binary from '../generated/simd.js'
import { WasmKernels } from './webassembly.js'

/**
 * Compiles the kernels.
 *
 * @returns undefined where there is no WebAssembly, or none with SIMD, or where the page's policy (a
 * Content-Security-Policy without 'wasm-unsafe-eval') does not let it be compiled
 */
export function compileKernels(): WasmKernels | undefined {
  try {
    const characters = atob(binary)
    // By index: to iterate over text takes ten times as long.
    const bytes = Uint8Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index))
    return new WasmKernels(new WebAssembly.Module(bytes))
  } catch {
    return undefined
  }
}
