import type { ChannelConv1dAttributes } from '@resnet-ts/graph'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Context, Kernel } from '../kernel.js'
import { tfPadding } from './window.js'

/** A 2-D convolution over an image one channel deep, in which the channels lie side by side. */
export function channelConv1d(
  { kernel }: ChannelConv1dAttributes,
  weight: Float32Array,
  { tf, upload }: Context,
): Kernel {
  const filter = upload([1, kernel, 1, 1], weight.slice()) as Tensor4D
  const half = (kernel - 1) / 2
  return ([x], shape) => {
    const row: Tensor4D = tf.reshape(x, [x.shape[0], 1, -1, 1])
    return tf.reshape(tf.conv2d(row, filter, 1, tfPadding([0, half, 0, half])), [...shape])
  }
}
