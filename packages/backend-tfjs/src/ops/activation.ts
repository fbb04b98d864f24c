import type { ActivationAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'

/** The slope of a leaky ReLU below zero, PyTorch's default. */
export const leakySlope = 0.01

export function activation({ kind }: ActivationAttributes, tf: TfjsOps): Kernel {
  switch (kind) {
    case 'relu':
      return ([x]) => tf.relu(x)
    case 'relu6':
      return ([x]) => tf.relu6(x)
    case 'leakyRelu':
      return ([x]) => tf.leakyRelu(x, leakySlope)
    case 'silu':
      return ([x]) => tf.mul(x, tf.sigmoid(x))
    case 'sigmoid':
      return ([x]) => tf.sigmoid(x)
    default:
      return kind satisfies never
  }
}
