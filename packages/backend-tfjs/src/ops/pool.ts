import type { AvgPoolAttributes, MaxPoolAttributes, Padding, Shape, Window } from '@resnet-ts/graph'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'
import { subsample, tfPadding } from './window.js'

export function maxPool(window: MaxPoolAttributes, tf: TfjsOps): Kernel {
  const { kernel, stride } = window
  if (isOnePixel(window)) return ([x]) => subsample(tf, x.clone(), stride)
  return ([x], shape) =>
    tf.maxPool(x as Tensor4D, [...kernel], [...stride], tfPadding(extendedPadding(window, x.shape, shape)))
}

/**
 * The mean of the window, zeros outside the map included, times what corrects for the zeros that do not count. tfjs's
 * own way to leave out the padding has a gradient that does not.
 */
export function avgPool(window: AvgPoolAttributes, tf: TfjsOps): Kernel {
  const { kernel, stride } = window
  if (isOnePixel(window)) return ([x]) => subsample(tf, x.clone(), stride)
  return ([x], shape) => {
    const padding = extendedPadding(window, x.shape, shape)
    const map = padding.some(Boolean) ? tf.pad(x, tfPadding(padding)) : x
    const mean: Tensor = tf.avgPool(map as Tensor4D, [...kernel], [...stride], 'valid')
    const factors = correction(window, x.shape, shape)
    if (factors.every((factor) => factor === 1)) return mean
    return tf.mul(mean, tf.tensor(factors, [1, shape[1], shape[2], 1]))
  }
}

/** XNNPACK, inside the wasm backend, refuses such windows. */
function isOnePixel({ kernel }: Window): boolean {
  return kernel[0] === 1 && kernel[1] === 1
}

/** The padding with what ceilMode adds below and on the right, so that the last windows fit. */
function extendedPadding({ kernel, stride, padding }: Window, input: Shape, output: Shape): Padding {
  const [top, right, bottom, left] = padding
  const beyond = (axis: 0 | 1, before: number, after: number) =>
    Math.max(after, (output[axis + 1] - 1) * stride[axis] + kernel[axis] - before - input[axis + 1])
  return [top, beyond(1, left, right), beyond(0, top, bottom), left]
}

/** For each window, row by row, its pixels by those of them that count. */
function correction({ kernel, stride, padding, countIncludePad }: AvgPoolAttributes, input: Shape, output: Shape) {
  const [top, right, bottom, left] = padding
  const countsAlong = (axis: 0 | 1, before: number, after: number) =>
    Array.from({ length: output[axis + 1] }, (_, index) => {
      const start = index * stride[axis] - before
      const end = start + kernel[axis]
      const size = input[axis + 1]
      // What ceilMode adds beyond the padding never counts.
      return countIncludePad ? Math.min(end, size + after) - start : Math.min(end, size) - Math.max(start, 0)
    })
  const columns = countsAlong(1, left, right)
  const area = kernel[0] * kernel[1]
  return countsAlong(0, top, bottom).flatMap((row) => columns.map((column) => area / (row * column)))
}
