import { type Interpolation, OptionError } from '@resnet-ts/graph'
import { type Coefficients, coefficientsOf, precisionBits } from './coefficients.js'
import { checkImage, grouped, maxPixels, type RgbImage } from './image.js'

/** A rectangle of pixels. */
export interface Region {
  /** Columns to the left of it. */
  readonly x: number
  /** Rows above it. */
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What to resize to. */
export interface ResizeOptions {
  /** Of the whole resized image, in pixels. */
  readonly width: number
  /** Of the whole resized image, in pixels. */
  readonly height: number
  /** The filter, widened when the image shrinks (antialiased). */
  readonly interpolation: Interpolation
  /**
   * The part of the resized image that is wanted; all of it unless given. The result has the very bytes that a
   * crop after the resize would have, but only they are computed.
   */
  readonly region?: Region | undefined
}

/**
 * An image resized byte for byte as Pillow's `Image.resize((width, height), BILINEAR or BICUBIC)` (`ImagingResample`
 * for 8 bits, libImaging/Resample.c): a horizontal pass, then a vertical one, in fixed point, each rounded and
 * clipped to 8 bits; a direction whose size stays the same is left alone.
 *
 * @throws {ImageError} when the image's fields contradict each other
 * @throws {OptionError} when a size or the region is not possible, or the result would have more than 268,000,000
 * pixels
 */
export function resize(image: RgbImage, options: ResizeOptions): RgbImage {
  checkImage(image)
  const { width, height, interpolation } = options
  const region = options.region ?? { x: 0, y: 0, width, height }
  checkOptions(options, region)

  const columns =
    width === image.width ? undefined : coefficientsOf(interpolation, image.width, width, region.x, region.width)
  const rows =
    height === image.height ? undefined : coefficientsOf(interpolation, image.height, height, region.y, region.height)
  // Only the rows that the vertical pass will look at.
  const firstRow = rows ? rows.starts[0]! : region.y
  const endRow = rows ? rows.starts[region.height - 1]! + rows.lengths[region.height - 1]! : region.y + region.height

  const across = columns
    ? resampleRows(image, columns, firstRow, endRow)
    : cropColumns(image, region.x, region.width, firstRow, endRow)
  const data = rows ? resampleColumns(across, rows, firstRow, region.width) : across
  return { width: region.width, height: region.height, data }
}

function checkOptions({ width, height, interpolation }: ResizeOptions, region: Region): void {
  const wrong = (option: string, expected: string, found: unknown): OptionError =>
    new OptionError({ subject: `resize option '${option}'`, expected, found: String(JSON.stringify(found)) })
  const size = 'a whole number of at least 1 pixel'
  if (!Number.isSafeInteger(width) || width < 1) throw wrong('width', size, width)
  if (!Number.isSafeInteger(height) || height < 1) throw wrong('height', size, height)
  if (interpolation !== 'bilinear' && interpolation !== 'bicubic') {
    throw wrong('interpolation', "'bilinear' or 'bicubic'", interpolation)
  }
  const { x, y } = region
  const whole = [x, y, region.width, region.height].every(Number.isSafeInteger)
  const inside = x >= 0 && y >= 0 && x + region.width <= width && y + region.height <= height
  if (!whole || !inside || region.width < 1 || region.height < 1) {
    throw wrong('region', `whole pixels inside ${width} × ${height}, at least one`, region)
  }
  if (region.width * region.height > maxPixels) {
    throw wrong('region', `at most ${grouped(maxPixels)} pixels`, region.width * region.height)
  }
}

function cropColumns(image: RgbImage, x: number, width: number, firstRow: number, endRow: number): Uint8Array {
  const rowBytes = image.width * 3
  const cropped = new Uint8Array((endRow - firstRow) * width * 3)
  for (let row = firstRow, to = 0; row < endRow; row++, to += width * 3) {
    const from = row * rowBytes + x * 3
    cropped.set(image.data.subarray(from, from + width * 3), to)
  }
  return cropped
}

// Where a sum starts, so that cutting it to whole numbers rounds it; storing it in a clamped array clips it.
const half = 1 << (precisionBits - 1)

/** The horizontal pass over some rows of an image. */
function resampleRows(image: RgbImage, columns: Coefficients, firstRow: number, endRow: number): Uint8Array {
  const { data } = image
  const { starts, lengths, weights, stride } = columns
  const count = starts.length
  const result = new Uint8ClampedArray((endRow - firstRow) * count * 3)
  for (let row = firstRow, to = 0; row < endRow; row++) {
    const rowStart = row * image.width * 3
    for (let i = 0; i < count; i++, to += 3) {
      const first = i * stride
      const end = first + lengths[i]!
      let red = half
      let green = half
      let blue = half
      for (let k = first, from = rowStart + starts[i]! * 3; k < end; k++, from += 3) {
        const weight = weights[k]!
        red = (red + Math.imul(data[from]!, weight)) | 0
        green = (green + Math.imul(data[from + 1]!, weight)) | 0
        blue = (blue + Math.imul(data[from + 2]!, weight)) | 0
      }
      result[to] = red >> precisionBits
      result[to + 1] = green >> precisionBits
      result[to + 2] = blue >> precisionBits
    }
  }
  return new Uint8Array(result.buffer)
}

/** The vertical pass over rows of `width` pixels, the first of which is row `firstRow` of the image. */
function resampleColumns(data: Uint8Array, rows: Coefficients, firstRow: number, width: number): Uint8Array {
  const { starts, lengths, weights, stride } = rows
  const rowBytes = width * 3
  const result = new Uint8ClampedArray(starts.length * rowBytes)
  const sums = new Int32Array(rowBytes)
  for (let i = 0; i < starts.length; i++) {
    sums.fill(half)
    for (let k = 0; k < lengths[i]!; k++) {
      const weight = weights[i * stride + k]!
      const start = (starts[i]! + k - firstRow) * rowBytes
      for (let at = 0; at < rowBytes; at++) sums[at] = sums[at]! + Math.imul(data[start + at]!, weight)
    }
    for (let at = 0, to = i * rowBytes; at < rowBytes; at++, to++) result[to] = sums[at]! >> precisionBits
  }
  return new Uint8Array(result.buffer)
}
