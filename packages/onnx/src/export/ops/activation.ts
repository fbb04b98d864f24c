import type { ActivationKind } from '@resnet-ts/graph'
import { float } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'

/** @param part - what the node is called, where the activation is not the op itself */
export function activation(g: OpWriter, kind: ActivationKind, x: string, part?: string): string {
  switch (kind) {
    case 'relu':
      return g.write('Relu', [x], {}, part)
    case 'relu6':
      return g.write('Clip', [x, g.scalar(0), g.scalar(6)], {}, part)
    case 'leakyRelu':
      return g.write('LeakyRelu', [x], { alpha: float(0.01) }, part)
    case 'sigmoid':
      return g.write('Sigmoid', [x], {}, part)
    case 'silu':
      return g.write('Mul', [x, g.write('Sigmoid', [x], {}, 'sigmoid')], {}, part)
    default:
      return kind satisfies never
  }
}
