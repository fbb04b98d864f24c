import type { Exports } from './exports.js'
import type { Kernels, Resampling } from './kernels.js'
import { layOut } from './layout.js'
import { Strips } from './strips.js'
import { typescriptKernels } from './typescript.js'

// Pixels that are normalised at a time.
const chunkPixels = 16_384

/**
 * The kernels in WebAssembly. What would need more memory than they may take, as an image of rows a million pixels long,
 * is left to those in TypeScript.
 */
export class WasmKernels implements Kernels {
  readonly #memory: WebAssembly.Memory
  readonly #exports: Exports

  constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1 })
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports as unknown as Exports
  }

  /** What it keeps. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength
  }

  resample(resampling: Resampling): Uint8Array {
    const { columns, rows } = resampling
    const layout = columns || rows ? layOut(resampling, this.#exports.heapBase()) : undefined
    if (!layout) return typescriptKernels.resample(resampling)
    return new Strips(this.#exports, this.#reserve(layout.end), layout, resampling).run()
  }

  normalise(pixels: Uint8Array, tables: Float32Array, blueFirst: boolean, target: Float32Array, offset: number): void {
    const tablesAt = Math.ceil(this.#exports.heapBase() / 16) * 16
    const to = tablesAt + tables.byteLength
    const from = to + chunkPixels * 12
    const bytes = this.#reserve(from + chunkPixels * 3)
    const values = new Float32Array(bytes.buffer)
    values.set(tables, tablesAt >> 2)
    const [redAt, blueAt] = blueFirst ? [2, 0] : [0, 2]
    for (let at = 0; at < pixels.length; at += chunkPixels * 3) {
      const chunk = pixels.subarray(at, at + chunkPixels * 3)
      bytes.set(chunk, from)
      this.#exports.normalise(from, tablesAt, to, chunk.length / 3, redAt, blueAt)
      target.set(values.subarray(to >> 2, (to >> 2) + chunk.length), offset + at)
    }
  }

  /** Memory of at least this size; it is kept for the next time. */
  #reserve(size: number): Uint8Array {
    const missing = size - this.#memory.buffer.byteLength
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65_536))
    return new Uint8Array(this.#memory.buffer)
  }
}
