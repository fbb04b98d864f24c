import type { Conv2dAttributes } from '@resnet-ts/graph'
import { int, ints } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'
import { activation } from './activation.js'
import { windowOf } from './window.js'

/** `activation(Conv(x) + bias + residual)`. onnxruntime makes one of what is three nodes here. */
export function conv2d(g: OpWriter, attributes: Conv2dAttributes): string {
  const { bias, dilation, groups, epilogue } = attributes
  const [x, residual] = g.inputs
  const weights = bias ? [g.parameter('weight'), g.parameter('bias')] : [g.parameter('weight')]
  let y = g.write('Conv', [x, ...weights], {
    ...windowOf(attributes, attributes.padding),
    dilations: ints(...dilation),
    group: int(groups),
  })
  if (epilogue?.residual) y = g.write('Add', [y, residual], {}, 'add')
  return epilogue?.activation ? activation(g, epilogue.activation, y, epilogue.activation) : y
}
