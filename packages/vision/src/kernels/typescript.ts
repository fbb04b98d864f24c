import { type Coefficients, precisionBits } from '../coefficients.js'
import type { RgbImage } from '../image.js'
import { type Kernels, rowsOf } from './kernels.js'

/** The kernels in TypeScript: they say what is computed, and are used where there is no WebAssembly with SIMD. */
export const typescriptKernels: Kernels = {
  resample(resampling) {
    const { image, region, columns, rows } = resampling
    // Only the rows that the vertical pass will look at.
    const [firstRow, endRow] = rowsOf(resampling)
    const across = columns
      ? resampleRows(image, columns, firstRow, endRow)
      : cropColumns(image, region.x, region.width, firstRow, endRow)
    return rows ? resampleColumns(across, rows, firstRow, region.width) : across
  },

  normalise(pixels, tables, blueFirst, target, offset) {
    const [redAt, blueAt] = blueFirst ? [2, 0] : [0, 2]
    for (let from = 0, to = offset; from < pixels.length; from += 3, to += 3) {
      target[to + redAt] = tables[pixels[from]!]!
      target[to + 1] = tables[256 + pixels[from + 1]!]!
      target[to + blueAt] = tables[512 + pixels[from + 2]!]!
    }
  },
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
