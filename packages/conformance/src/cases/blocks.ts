import type { Block, BlockOptions } from '@resnet-ts/blocks'
import type { GraphBuilder, Value } from '@resnet-ts/graph'

// Blocks that are not of the library, as a user writes them, so that all ops meet in whole networks.

/** Both gates there are: squeeze and excitation (Hu et al. 2017), and efficient channel attention (Wang et al. 2019). */
export const gated: Block = Object.assign(
  (g: GraphBuilder, x: Value, { channels, stride, downsample }: BlockOptions): Value => {
    const y = g.batchNorm(g.conv2d(x, { name: 'conv', channels, kernel: 3, stride, padding: 1 }), { name: 'bn' })
    const squeezed = g.globalPool(y, { keepDimensions: true })
    const hidden = g.relu(g.conv2d(squeezed, { name: 'reduce', channels: 4, kernel: 1, bias: true }))
    const excited = g.conv2d(hidden, { name: 'expand', channels, kernel: 1, bias: true })
    const z = g.multiply(y, g.activation(excited, 'sigmoid'))
    const attention = g.channelConv1d(g.globalPool(z, { keepDimensions: true }), { name: 'attention', kernel: 3 })
    const dropped = g.dropPath(g.multiply(z, g.activation(attention, 'sigmoid')), { rate: 0.1 })
    return g.activation(g.add(downsample ? downsample(g, x, { channels, stride: stride ?? 1 }) : x, dropped), 'silu')
  },
  { expansion: 1, kind: 'gated' },
)

/** Group norm, a blur of mirrored pixels before each stride, and a shortcut that averages before it projects. */
export const smooth: Block = Object.assign(
  (g: GraphBuilder, x: Value, { channels, stride = 1 }: BlockOptions): Value => {
    const y = g.relu(g.groupNorm(g.conv2d(x, { name: 'conv1', channels, kernel: 3, padding: 1 }), { groups: 4 }))
    const mirrored = g.pad(y, { padding: 1, mode: 'reflect' })
    const blurred = g.conv2d(mirrored, { name: 'blur', channels, kernel: 3, stride, groups: channels })
    const z = g.batchNorm(g.conv2d(blurred, { name: 'conv2', channels, kernel: 1, bias: true }), { name: 'bn' })
    const average = g.avgPool(x, { kernel: stride, stride, ceilMode: true, countIncludePad: false })
    const shortcut = g.conv2d(average, { name: 'shortcut', channels, kernel: 1 })
    const halves = [g.slice(z, { channels: { stop: 3 } }), g.slice(z, { channels: { start: 3 } })]
    return g.activation(g.add(shortcut, g.concat(halves)), 'leakyRelu')
  },
  { expansion: 1, kind: 'smooth' },
)
