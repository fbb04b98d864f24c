import type { AvgPoolAttributes, MaxPoolAttributes, Padding, Shape, Window } from '@resnet-ts/graph'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel.js'
import type { TfjsCore } from '../tfjsCore.js'
import { subsample, tfPadding } from './window.js'

export function maxPool(window: MaxPoolAttributes, tf: TfjsCore): Kernel {
  return pool(tf, 'maxPool', window, window.padding)
}

export function avgPool(window: AvgPoolAttributes, tf: TfjsCore): Kernel {
  // tfjs divides by the pixels of the map alone. Zeros that should count become a part of the map first; what ceilMode
  // adds beyond them stays outside.
  if (!window.countIncludePad || !window.padding.some(Boolean)) return pool(tf, 'avgPool', window, window.padding)
  const inside = pool(tf, 'avgPool', window, [0, 0, 0, 0])
  return ([x], shape) => inside([tf.pad(x, tfPadding(window.padding))], shape)
}

function pool(tf: TfjsCore, op: 'maxPool' | 'avgPool', window: Window, padding: Padding): Kernel {
  const { kernel, stride } = window
  // XNNPACK, inside the wasm backend, refuses a window of one pixel.
  if (kernel[0] === 1 && kernel[1] === 1) return ([x]) => subsample(tf, x.clone(), stride)
  return ([x], shape) => tf[op](x as Tensor4D, [...kernel], [...stride], tfPadding(extended(window, padding, x, shape)))
}

/** The padding with what ceilMode adds below and on the right, so that the last windows fit. */
function extended({ kernel, stride }: Window, [top, right, bottom, left]: Padding, x: Tensor, shape: Shape): Padding {
  const beyond = (axis: 0 | 1, before: number, after: number) =>
    Math.max(after, (shape[axis + 1] - 1) * stride[axis] + kernel[axis] - before - x.shape[axis + 1])
  return [top, beyond(1, left, right), beyond(0, top, bottom), left]
}
