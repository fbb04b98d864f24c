import { columnsOf, type Resampling, rowsOf } from './kernels.js'
import { packTaps, type Taps } from './taps.js'

/** The most memory that resampling takes, and keeps: 4 MiB. An image goes through it a strip at a time. */
export const mostBytes = 4 * 2 ** 20

// Strips are copied in, and read again at once: they should stay in a core's own cache.
const stripBytes = 64 * 2 ** 10
const windowBytes = 512 * 2 ** 10

/** Where a resampling has what in the memory of the kernels. Offsets and sizes are in bytes. */
export interface Layout {
  /** The taps of the columns, and of the rows; undefined when the width or the height stays. */
  readonly columns: (Taps & Place) | undefined
  readonly rows: (Taps & Place) | undefined
  /** Some rows of the image, the columns that are needed of them. Empty when the width stays. */
  readonly strip: Rows
  /** Some rows after the horizontal pass: at least as many as one row of the result takes. */
  readonly window: Rows
  /** Some rows of the result. Empty when the height stays. */
  readonly result: Rows
  readonly end: number
}

interface Place {
  readonly offset: number
}

interface Rows extends Place {
  readonly stride: number
  readonly capacity: number
}

/** What kernels touch past the last row: sixteen bytes are read, or written, at a time. */
const margin = 16
/** Rows that the horizontal pass takes at once; what it makes of those that are not there lands in the window. */
export const rowsAtOnce = 4

/** @returns undefined when the resampling needs more than `mostBytes`, as where a single row of it is huge */
export function layOut(resampling: Resampling, heapBase: number): Layout | undefined {
  const { region, columns, rows } = resampling
  const [firstColumn, endColumn] = columnsOf(resampling)
  const [firstRow, endRow] = rowsOf(resampling)
  const pixelBytes = 3
  const width = region.width * pixelBytes
  const rowsOfOne = rows ? rows.lengths.reduce((most, length) => Math.max(most, length), 0) : 1

  let offset = heapBase
  const place = (bytes: number): number => {
    const start = offset
    offset = alignUp(start + bytes)
    return start
  }
  const placeRows = (stride: number, atLeast: number, bytes: number, spare: number): Rows => {
    const wanted = Math.max(atLeast, Math.min(endRow - firstRow, Math.floor(bytes / stride)))
    const capacity = roundUp(wanted, rowsAtOnce)
    return { stride, capacity, offset: place(stride * (capacity + spare) + margin) }
  }
  const placeTaps = (taps: Taps) => ({ ...taps, offset: place(taps.words.byteLength) })

  const window = alignUp(width + 1)
  const places = {
    columns: columns && placeTaps(packTaps(columns, firstColumn, pixelBytes, 2)),
    rows: rows && placeTaps(packTaps(rows, firstRow, window, 1)),
    strip: placeRows(columns ? (endColumn - firstColumn) * pixelBytes : 0, rowsAtOnce, stripBytes, 0),
    window: placeRows(window, rowsOfOne, windowBytes, rowsAtOnce),
    result: placeRows(rows ? width : 0, 1, stripBytes, 0),
  }
  return offset <= mostBytes ? { ...places, end: offset } : undefined
}

function alignUp(bytes: number): number {
  return roundUp(bytes, margin)
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
