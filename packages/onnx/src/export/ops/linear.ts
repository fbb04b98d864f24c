import type { ChannelConv1dAttributes, LinearAttributes } from '@resnet-ts/graph'
import { int, ints } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'

export function linear(g: OpWriter, { bias }: LinearAttributes): string {
  const weights = bias ? [g.parameter('weight'), g.parameter('bias')] : [g.parameter('weight')]
  return g.write('Gemm', [...g.inputs, ...weights], { transB: int(1) })
}

/** The channels as the pixels of one row, and back. */
export function channelConv1d(g: OpWriter, { kernel }: ChannelConv1dAttributes, rank: 2 | 4): string {
  const [x] = g.inputs
  const row = g.write('Reshape', [x, g.integers(0, 1, -1)], {}, 'row')
  const side = (kernel - 1) / 2
  const y = g.write('Conv', [row, g.parameter('weight')], { kernel_shape: ints(kernel), pads: ints(side, side) })
  return g.write('Reshape', [y, rank === 4 ? g.integers(0, -1, 1, 1) : g.integers(0, -1)], {}, 'channels')
}
