import { type Node, type Params, parametersOf, readParameter } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import { activation } from './activation.js'
import { add } from './add.js'
import { batchNorm } from './batchNorm.js'
import { blurPool } from './blurPool.js'
import { channelConv1d } from './channelConv1d.js'
import { concat } from './concat.js'
import { conv2d } from './conv2d.js'
import { globalPool } from './globalPool.js'
import { groupNorm } from './groupNorm.js'
import { identity } from './identity.js'
import { linear } from './linear.js'
import { multiply } from './multiply.js'
import { pad } from './pad.js'
import { avgPool, maxPool } from './pool.js'
import { slice } from './slice.js'
import { softmax } from './softmax.js'

/** What computes a node. Its parameters are read here, once, and copied, so that the caller's memory can go. */
export function kernelOf(node: Node, params: Params): Kernel {
  const values = parametersOf(node).map((spec) => readParameter(params, spec).slice())
  switch (node.op) {
    case 'conv2d':
      return conv2d(node.attributes, values[0], values[1])
    case 'batchNorm':
      return batchNorm(node.attributes, values[0], values[1], values[2], values[3])
    case 'groupNorm':
      return groupNorm(node.attributes, values[0], values[1])
    case 'activation':
      return activation(node.attributes.kind)
    case 'add':
      return add
    case 'multiply':
      return multiply
    case 'maxPool':
      return maxPool(node.attributes)
    case 'avgPool':
      return avgPool(node.attributes)
    case 'blurPool':
      return blurPool(node.attributes)
    case 'globalPool':
      return globalPool(node.attributes)
    case 'linear':
      return linear(node.attributes, values[0], values[1])
    case 'channelConv1d':
      return channelConv1d(node.attributes, values[0])
    case 'pad':
      return pad(node.attributes)
    case 'slice':
      return slice(node.attributes)
    case 'concat':
      return concat
    case 'softmax':
      return softmax
    case 'input':
    case 'dropout':
    case 'dropPath':
      return identity
    default:
      return node satisfies never
  }
}
