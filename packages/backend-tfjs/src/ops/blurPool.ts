import { type BlurPoolAttributes, blurFilter, blurPadding } from '@resnet-ts/graph'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Context, Kernel } from '../kernel.js'
import { pad } from './pad.js'

/** The mirrored map through a depthwise convolution with the binomial filter. */
export function blurPool(attributes: BlurPoolAttributes, channels: number, { tf, upload }: Context): Kernel {
  const { kernel, stride } = attributes
  const row = blurFilter(attributes)
  const side = blurPadding(attributes)
  const mirror = pad({ padding: [side, side, side, side], channels: [0, 0], mode: 'reflect' }, tf)
  const taps = row.flatMap((vertical) => row.map((horizontal) => vertical * horizontal))
  const values = Float32Array.from({ length: taps.length * channels }, (_, index) => taps[Math.floor(index / channels)])
  const filter = upload([kernel, kernel, channels, 1], values) as Tensor4D
  return (inputs, shape) => tf.depthwiseConv2d(mirror(inputs, shape) as Tensor4D, filter, stride, 'valid')
}
