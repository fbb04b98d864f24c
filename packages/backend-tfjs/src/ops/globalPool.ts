import type { GlobalPoolAttributes } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'

export function globalPool({ kind, keepDimensions }: GlobalPoolAttributes, tf: TfjsOps): Kernel {
  const average = (x: Tensor): Tensor => tf.mean(x, [1, 2], keepDimensions)
  const maximum = (x: Tensor): Tensor => tf.max(x, [1, 2], keepDimensions)
  switch (kind) {
    case 'avg':
      return ([x]) => average(x)
    case 'max':
      return ([x]) => maximum(x)
    case 'avgmax':
      return ([x]) => tf.mul(0.5, tf.add(average(x), maximum(x)))
    case 'catavgmax':
      return ([x]) => tf.concat([average(x), maximum(x)], -1)
    default:
      return kind satisfies never
  }
}
