import type { Kernel } from '@resnet-ts/backend-tfjs'
import { type Node, type Params, parametersOf, readParameter } from '@resnet-ts/graph'
import { channelConv1d } from './channelConv1d.js'
import type { Context } from './context.js'
import { conv2d, linear } from './convolution/conv2d.js'
import { activation, add, batchNorm, multiply } from './elements.js'
import { concat, pad, slice } from './moves.js'
import { avgPool, blurPool, maxPool } from './pools.js'
import { globalPool, groupNorm, softmax } from './reductions.js'

/** What computes a node, in one dispatch. Its parameters are read and uploaded here, once. */
export function kernelOf(node: Node, params: Params, context: Context): Kernel {
  const values = parametersOf(node).map((spec) => readParameter(params, spec))
  switch (node.op) {
    case 'conv2d':
      return conv2d(node.attributes, values[0], values[1], context)
    case 'batchNorm':
      return batchNorm(node.attributes, values, context)
    case 'groupNorm':
      return groupNorm(node.attributes, values[0], values[1], context)
    case 'activation':
      return activation(node.attributes.kind, context)
    case 'add':
      return add(context)
    case 'multiply':
      return multiply(context)
    case 'maxPool':
      return maxPool(node.attributes, context)
    case 'avgPool':
      return avgPool(node.attributes, context)
    case 'blurPool':
      return blurPool(node.attributes, context)
    case 'globalPool':
      return globalPool(node.attributes, context)
    case 'linear':
      return linear(node.attributes, values[0], values[1], context)
    case 'channelConv1d':
      return channelConv1d(node.attributes, values[0], context)
    case 'pad':
      return pad(node.attributes, context)
    case 'slice':
      return slice(node.attributes, context)
    case 'concat':
      return concat(context)
    case 'softmax':
      return softmax(context)
    // An input's value is uploaded by the session, and handed on; `lower` leaves no dropout.
    case 'input':
    case 'dropout':
    case 'dropPath':
      return ([x]) => x.clone()
    default:
      return node satisfies never
  }
}
