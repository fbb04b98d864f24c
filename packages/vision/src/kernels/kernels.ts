import type { Coefficients } from '../coefficients.js'
import type { RgbImage } from '../image.js'

/** A rectangle of pixels. */
export interface Region {
  /** Columns to the left of it. */
  readonly x: number
  /** Rows above it. */
  readonly y: number
  /** Columns of it. */
  readonly width: number
  /** Rows of it. */
  readonly height: number
}

/** A part of a resized image, and how it comes about. */
export interface Resampling {
  readonly image: RgbImage
  /** In pixels of the resized image. */
  readonly region: Region
  /** What each of the region's columns takes; undefined when the width stays. */
  readonly columns: Coefficients | undefined
  /** What each of the region's rows takes; undefined when the height stays. */
  readonly rows: Coefficients | undefined
}

/**
 * What takes the time of preprocessing. TypeScript defines it (`typescriptKernels`); WebAssembly does the same faster,
 * byte for byte.
 */
export interface Kernels {
  /** The pixels of `region`: a horizontal pass, then a vertical one, each rounded and clipped to 8 bits. */
  resample(resampling: Resampling): Uint8Array
  /**
   * Writes `table[channel][byte]` for each byte of RGB pixels to `target`, from `offset` on.
   *
   * @param tables `[3][256]`
   * @param blueFirst whether the channels change order to blue, green, red
   */
  normalise(pixels: Uint8Array, tables: Float32Array, blueFirst: boolean, target: Float32Array, offset: number): void
}

/** The rows of the image that a resampling looks at, from the first up to, not including, the last. */
export function rowsOf({ region, rows }: Resampling): readonly [first: number, end: number] {
  if (!rows) return [region.y, region.y + region.height]
  const last = region.height - 1
  return [rows.starts[0]!, rows.starts[last]! + rows.lengths[last]!]
}

/** Its columns. */
export function columnsOf({ region, columns }: Resampling): readonly [first: number, end: number] {
  if (!columns) return [region.x, region.x + region.width]
  const last = region.width - 1
  return [columns.starts[0]!, columns.starts[last]! + columns.lengths[last]!]
}
