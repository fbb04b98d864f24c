import type { Exports } from './exports.js'
import { columnsOf, type Resampling, rowsOf } from './kernels.js'
import { type Layout, rowsAtOnce } from './layout.js'

/** Takes an image through the memory of the kernels, strip by strip. */
export class Strips {
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  readonly #layout: Layout
  readonly #resampling: Resampling
  readonly #image: Uint8Array
  readonly #result: Uint8Array

  /** @param bytes the memory, with room for `layout` */
  constructor(exports: Exports, bytes: Uint8Array, layout: Layout, resampling: Resampling) {
    const { data } = resampling.image
    const { width, height } = resampling.region
    this.#exports = exports
    this.#bytes = bytes
    this.#layout = layout
    this.#resampling = resampling
    // Not a Buffer, of which views are slow.
    this.#image = new Uint8Array(data.buffer, data.byteOffset, data.length)
    this.#result = new Uint8Array(width * height * 3)
    for (const taps of [layout.columns, layout.rows]) {
      if (taps) bytes.set(new Uint8Array(taps.words.buffer), taps.offset)
    }
  }

  /** The pixels of the result. */
  run(): Uint8Array {
    const { region, rows } = this.#resampling
    const { window } = this.#layout
    const [firstRow, endRow] = rowsOf(this.#resampling)
    const startOf = (i: number): number => (rows ? rows.starts[i]! : region.y + i)
    const endOf = (i: number): number => (rows ? rows.starts[i]! + rows.lengths[i]! : region.y + i + 1)
    // The window holds the image's rows from `first` up to `filled`.
    let first = firstRow
    let filled = firstRow
    for (let done = 0, next = 0; done < region.height; done = next) {
      const kept = startOf(done)
      const rowAt = (row: number): number => window.offset + (row - first) * window.stride
      this.#bytes.copyWithin(window.offset, rowAt(kept), rowAt(filled))
      first = kept
      const end = Math.min(endRow, first + window.capacity)
      this.#fill(filled, end, rowAt(filled))
      filled = end
      while (next < region.height && endOf(next) <= filled) next++
      this.#finish(done, next, first - firstRow)
    }
    return this.#result
  }

  /** Puts rows of the image, after the horizontal pass, into the window. */
  #fill(first: number, end: number, target: number): void {
    const { columns, strip, window } = this.#layout
    if (!columns) {
      this.#copyRows(first, end, target, window.stride)
      return
    }
    for (let row = first, to = target; row < end; row += strip.capacity, to += strip.capacity * window.stride) {
      const next = Math.min(end, row + strip.capacity)
      this.#copyRows(row, next, strip.offset, strip.stride)
      const count = Math.ceil((next - row) / rowsAtOnce) * rowsAtOnce
      const { width } = this.#resampling.region
      this.#exports.resampleRows(strip.offset, strip.stride, count, columns.offset, width, to, window.stride)
    }
  }

  /** Copies the columns that are needed of some rows of the image. */
  #copyRows(first: number, end: number, target: number, stride: number): void {
    const [firstColumn, endColumn] = columnsOf(this.#resampling)
    const { width } = this.#resampling.image
    for (let row = first, to = target; row < end; row++, to += stride) {
      const from = row * width
      this.#bytes.set(this.#image.subarray((from + firstColumn) * 3, (from + endColumn) * 3), to)
    }
  }

  /** Computes some rows of the result, all of whose neighbours are in the window. */
  #finish(first: number, end: number, windowRow: number): void {
    const { rows, window, result } = this.#layout
    const { width } = this.#resampling.region
    if (!rows) {
      for (let i = first, from = window.offset; i < end; i++, from += window.stride) {
        this.#result.set(this.#bytes.subarray(from, from + width * 3), i * width * 3)
      }
      return
    }
    const origin = window.offset - windowRow * window.stride
    for (let i = first; i < end; i += result.capacity) {
      const count = Math.min(result.capacity, end - i)
      const taps = rows.offset + rows.starts[i]! * 4
      this.#exports.resampleColumns(origin, window.stride, taps, count, result.offset, width * 3)
      this.#result.set(this.#bytes.subarray(result.offset, result.offset + count * width * 3), i * width * 3)
    }
  }
}
