import { type Node, type Params, parametersOf, readParameter } from '@resnet-ts/graph'
import type { Context, Kernel, KernelFactory } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'
import { activation } from './activation.js'
import { batchNorm } from './batchNorm.js'
import { blurPool } from './blurPool.js'
import { channelConv1d } from './channelConv1d.js'
import { conv2d } from './conv2d.js'
import { globalPool } from './globalPool.js'
import { groupNorm } from './groupNorm.js'
import { linear } from './linear.js'
import { pad } from './pad.js'
import { avgPool, maxPool } from './pool.js'
import { slice } from './slice.js'

/** Makes kernels of tfjs's operations. */
export function kernelsOf(tf: TfjsOps): KernelFactory {
  return (node, params, upload) => kernelOf(node, params, { tf, upload })
}

function kernelOf(node: Node, params: Params, context: Context): Kernel {
  const { tf } = context
  const values = parametersOf(node).map((spec) => readParameter(params, spec))
  switch (node.op) {
    case 'conv2d':
      return conv2d(node.attributes, values[0], values[1], context)
    case 'batchNorm':
      return batchNorm(node.attributes, values, context)
    case 'groupNorm':
      return groupNorm(node.attributes, values[0], values[1], context)
    case 'activation':
      return activation(node.attributes, tf)
    case 'add':
      return ([left, right]) => tf.add(left, right)
    case 'multiply':
      return ([map, gate]) => tf.mul(map, gate)
    case 'maxPool':
      return maxPool(node.attributes, tf)
    case 'avgPool':
      return avgPool(node.attributes, tf)
    case 'blurPool':
      return blurPool(node.attributes, node.type.channels, context)
    case 'globalPool':
      return globalPool(node.attributes, tf)
    case 'linear':
      return linear(node.attributes, values[0], values[1], context)
    case 'channelConv1d':
      return channelConv1d(node.attributes, values[0], context)
    case 'pad':
      return pad(node.attributes, tf)
    case 'slice':
      return slice(node.attributes, tf)
    case 'concat':
      return (parts) => tf.concat([...parts], -1)
    case 'softmax':
      return ([x]) => tf.softmax(x)
    // An input's value is uploaded by the session, and handed on; `lower` leaves no dropout.
    case 'input':
    case 'dropout':
    case 'dropPath':
      return ([x]) => x.clone()
    default:
      return node satisfies never
  }
}
