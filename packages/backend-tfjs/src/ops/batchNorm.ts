import type { BatchNormAttributes } from '@resnet-ts/graph'
import { type Tensor1D, batchNorm as tfBatchNorm } from '@tensorflow/tfjs-core'
import type { Kernel, Upload } from '../kernel.js'

export function batchNorm(
  { channels, epsilon }: BatchNormAttributes,
  parameters: readonly Float32Array[],
  upload: Upload,
): Kernel {
  // Copies: tfjs may keep what it is given, and these can be views of a whole checkpoint.
  const [weight, bias, mean, variance] = parameters.map((values) => upload([channels], values.slice()) as Tensor1D)
  return ([x]) => tfBatchNorm(x, mean, variance, bias, weight, epsilon)
}
