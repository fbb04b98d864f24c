import {
  type Graph,
  GraphBuilder,
  type Params,
  parameter,
  parameters,
  sizeOf,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'

/** A small residual network with a bit of everything: groups, a projection, a gate, poolings. */
export function network(): Graph {
  const g = new GraphBuilder('small')
  const image = g.input('image', { channels: 3 })
  const conv = (x: typeof image, name: string, channels: number, kernel: number, groups = 1, stride = 1) => {
    const padding = (kernel - 1) / 2
    const y = g.conv2d(x, { name, channels, kernel, padding, groups, stride })
    return g.batchNorm(y, { name: `${name}.norm` })
  }
  const stem = g.maxPool(g.relu(conv(image, 'stem', 16, 7, 1, 2)), { kernel: 3, stride: 2, padding: 1 })
  const main = g.relu(conv(g.relu(conv(stem, 'reduce', 64, 1)), 'grouped', 64, 3, 16, 2))
  const gate = g.activation(
    g.channelConv1d(g.globalPool(main, { keepDimensions: true }), { name: 'gate', kernel: 3 }),
    'sigmoid',
  )
  const pooled = g.avgPool(stem, { kernel: 2, ceilMode: true, countIncludePad: false })
  const shortcut = conv(pooled, 'projection', 32, 1)
  const block = g.activation(g.add(conv(g.multiply(main, gate), 'expand', 32, 1), shortcut), 'leakyRelu')
  g.output('features', block)
  g.output('probabilities', g.softmax(g.linear(g.globalPool(block), { name: 'head', channels: 10 })))
  return g.build()
}

/** Numbers between -1 and 1 that look random, and are always the same. */
function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const noise = Math.sin((index + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return 2 * (noise - Math.floor(noise)) - 1
  })
}

export function params(): Params {
  return new Map(
    parameters(network()).map(({ key, shape }, seed) => {
      const data = values(sizeOf(shape), seed + 1).map((value) =>
        key.endsWith('running_var') ? 1.5 + value : value / 3,
      )
      return [key, parameter(shape, data)]
    }),
  )
}

export function image(): Tensor {
  return tensor([2, 45, 38, 3], values(2 * 45 * 38 * 3, 0))
}
