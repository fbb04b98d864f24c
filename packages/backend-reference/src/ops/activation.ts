import type { ActivationKind } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** The function that an activation applies to each element. */
export function activationFunction(kind: ActivationKind): (x: number) => number {
  switch (kind) {
    case 'relu':
      return (x) => Math.max(x, 0)
    case 'relu6':
      return (x) => Math.min(Math.max(x, 0), 6)
    case 'leakyRelu':
      return (x) => (x < 0 ? 0.01 * x : x)
    case 'silu':
      return (x) => x * sigmoid(x)
    case 'sigmoid':
      return sigmoid
    default:
      return kind satisfies never
  }
}

export function activation(kind: ActivationKind): Kernel {
  const apply = activationFunction(kind)
  return ([x]) => x.data.map(apply)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
