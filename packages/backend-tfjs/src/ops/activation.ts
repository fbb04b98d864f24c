import type { ActivationKind } from '@resnet-ts/graph'
import { leakyRelu, mul, relu, relu6, sigmoid, type Tensor } from '@tensorflow/tfjs-core'

/** The slope of a leaky ReLU below zero, PyTorch's default. */
export const leakySlope = 0.01

export function activation(x: Tensor, kind: ActivationKind): Tensor {
  switch (kind) {
    case 'relu':
      return relu(x)
    case 'relu6':
      return relu6(x)
    case 'leakyRelu':
      return leakyRelu(x, leakySlope)
    case 'silu':
      return mul(x, sigmoid(x))
    case 'sigmoid':
      return sigmoid(x)
    default:
      return kind satisfies never
  }
}
