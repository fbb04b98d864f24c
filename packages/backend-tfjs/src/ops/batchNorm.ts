import type { BatchNormAttributes } from '@resnet-ts/graph'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import type { Context, Kernel } from '../kernel.js'

export function batchNorm(
  { channels, epsilon }: BatchNormAttributes,
  parameters: readonly Float32Array[],
  { tf, upload }: Context,
): Kernel {
  // Copies, because these can be views of a whole checkpoint.
  const [weight, bias, mean, variance] = parameters.map((values) => upload([channels], values.slice()) as Tensor1D)
  return ([x]) => tf.batchNorm(x, mean, variance, bias, weight, epsilon)
}
