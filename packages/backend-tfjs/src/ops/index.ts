import { type Node, type Params, parametersOf, readParameter } from '@resnet-ts/graph'
import { add, concat, mul, softmax, type Tensor } from '@tensorflow/tfjs-core'
import type { Kernel, Upload } from '../kernel.js'
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

/** What computes a node. Its parameters are read and uploaded here, once. */
export function kernelOf(node: Node, params: Params, upload: Upload): Kernel {
  const values = parametersOf(node).map((spec) => readParameter(params, spec))
  switch (node.op) {
    case 'conv2d':
      return conv2d(node.attributes, values[0], values[1], upload)
    case 'batchNorm':
      return batchNorm(node.attributes, values, upload)
    case 'groupNorm':
      return groupNorm(node.attributes, values[0], values[1], upload)
    case 'activation':
      return ([x]) => activation(x, node.attributes.kind)
    case 'add':
      return ([left, right]) => add(left, right)
    case 'multiply':
      return ([map, gate]) => mul(map, gate)
    case 'maxPool':
      return maxPool(node.attributes)
    case 'avgPool':
      return avgPool(node.attributes)
    case 'blurPool':
      return blurPool(node.attributes, node.type.channels, upload)
    case 'globalPool':
      return globalPool(node.attributes)
    case 'linear':
      return linear(node.attributes, values[0], values[1], upload)
    case 'channelConv1d':
      return channelConv1d(node.attributes, values[0], upload)
    case 'pad':
      return pad(node.attributes)
    case 'slice':
      return slice(node.attributes)
    case 'concat':
      return (parts) => concat([...parts], -1)
    case 'softmax':
      return ([x]) => softmax(x)
    // The session uploads inputs itself; `lower` leaves no dropout.
    case 'input':
    case 'dropout':
    case 'dropPath':
      return ([x]: readonly Tensor[]) => x.clone()
    default:
      return node satisfies never
  }
}
