import type { GlobalPoolAttributes } from '@resnet-ts/graph'
import { add, concat, max, mean, mul, type Tensor } from '@tensorflow/tfjs-core'
import type { Kernel } from '../kernel.js'

export function globalPool({ kind, keepDimensions }: GlobalPoolAttributes): Kernel {
  const average = (x: Tensor): Tensor => mean(x, [1, 2], keepDimensions)
  const maximum = (x: Tensor): Tensor => max(x, [1, 2], keepDimensions)
  switch (kind) {
    case 'avg':
      return ([x]) => average(x)
    case 'max':
      return ([x]) => maximum(x)
    case 'avgmax':
      return ([x]) => mul(0.5, add(average(x), maximum(x)))
    case 'catavgmax':
      return ([x]) => concat([average(x), maximum(x)], -1)
    default:
      return kind satisfies never
  }
}
