import type { Node } from '@resnet-ts/graph'
import { int } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'
import { activation } from './activation.js'
import { blurPool } from './blurPool.js'
import { conv2d } from './conv2d.js'
import { channelConv1d, linear } from './linear.js'
import { batchNorm, groupNorm } from './norms.js'
import { pad } from './pad.js'
import { avgPool, globalPool, maxPool } from './pools.js'
import { slice } from './slice.js'

/**
 * Writes a node of a lowered graph as nodes of ONNX, on maps `[n, c, h, w]`.
 *
 * @param users - the nodes that take its value
 * @returns the name of its value
 */
export function writeNode(node: Exclude<Node, Node<'input'>>, users: readonly Node[], g: OpWriter): string {
  switch (node.op) {
    case 'conv2d':
      return conv2d(g, node.attributes)
    case 'batchNorm':
      return batchNorm(g, node.attributes)
    case 'groupNorm':
      return groupNorm(g, node.attributes)
    case 'activation':
      return activation(g, node.attributes.kind, g.inputs[0])
    case 'add':
      return g.write('Add', g.inputs)
    case 'multiply':
      return g.write('Mul', g.inputs)
    case 'maxPool':
      return maxPool(g, node.attributes)
    case 'avgPool':
      return avgPool(g, node.attributes)
    case 'blurPool':
      return blurPool(g, node.attributes, node.type.channels)
    case 'globalPool':
      return globalPool(g, node.attributes)
    case 'linear':
      return linear(g, node.attributes)
    case 'channelConv1d':
      return channelConv1d(g, node.attributes, node.type.rank)
    case 'pad':
      return pad(
        g,
        node.attributes,
        users.some(({ op }) => op === 'maxPool' || op === 'avgPool'),
      )
    case 'slice':
      return slice(g, node.attributes)
    case 'concat':
      return g.write('Concat', g.inputs, { axis: int(1) })
    case 'dropout':
    case 'dropPath':
      return g.inputs[0]
    case 'softmax':
      return g.write('Softmax', g.inputs, { axis: int(1) })
    default:
      return node satisfies never
  }
}
