import { type AvgPoolAttributes, type MaxPoolAttributes, sizeOf, type Window } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import { type Place, placesOf } from './window.js'

/** The maximum of the pixels in the window; none of the padding takes part. */
export function maxPool(attributes: MaxPoolAttributes): Kernel {
  return pool(attributes, Number.NEGATIVE_INFINITY, Math.max, (maximum) => maximum)
}

/** The mean of the pixels in the window, and of the zeros of the padding if `countIncludePad`. */
export function avgPool(attributes: AvgPoolAttributes): Kernel {
  const { countIncludePad, kernel, padding } = attributes
  const [, right, bottom] = padding
  const extent = (place: Place, length: number, size: number, after: number): number =>
    // What ceilMode adds beyond the padding never counts.
    countIncludePad ? Math.min(length, size + after - place.start) : place.to - place.from
  return pool(
    attributes,
    0,
    (sum, value) => sum + value,
    (sum, row, column, [, height, width]) =>
      sum / (extent(row, kernel[0], height, bottom) * extent(column, kernel[1], width, right)),
  )
}

/** Combines the pixels that each window sees, channel by channel, and finishes what came of them. */
function pool(
  window: Window,
  initial: number,
  combine: (total: number, value: number) => number,
  finish: (total: number, row: Place, column: Place, shape: readonly number[]) => number,
): Kernel {
  return ([x], shape) => {
    const [batch, height, width, channels] = x.shape
    const [, outHeight, outWidth] = shape
    const rows = placesOf(window, 0, height, outHeight)
    const columns = placesOf(window, 1, width, outWidth)
    const y = new Float32Array(sizeOf(shape))
    let at = 0
    for (let n = 0; n < batch; n++) {
      for (const row of rows) {
        for (const column of columns) {
          for (let channel = 0; channel < channels; channel++) {
            let total = initial
            for (let ky = row.from; ky < row.to; ky++) {
              for (let kx = column.from; kx < column.to; kx++) {
                const pixel = (n * height + row.start + ky) * width + column.start + kx
                total = combine(total, x.data[pixel * channels + channel])
              }
            }
            y[at++] = finish(total, row, column, x.shape)
          }
        }
      }
    }
    return y
  }
}
