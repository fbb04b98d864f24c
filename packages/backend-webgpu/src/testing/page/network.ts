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

/** A small network of every op there is, with two outputs. */
export function network(): Graph {
  const g = new GraphBuilder('small')
  const image = g.input('image', { channels: 3 })
  const stem = g.relu(g.conv2d(image, { name: 'stem', channels: 16, kernel: 3, stride: 2, padding: 1, bias: true }))
  const grouped = g.relu(g.conv2d(stem, { name: 'grouped', channels: 16, kernel: 3, padding: 1, groups: 4 }))
  const pooled = g.globalPool(grouped, { keepDimensions: true })
  const gate = g.activation(g.channelConv1d(pooled, { name: 'gate', kernel: 3 }), 'sigmoid')
  const sum = g.add(g.conv2d(g.multiply(grouped, gate), { name: 'expand', channels: 16, kernel: 1 }), stem)
  const features = g.activation(g.dropout(sum, { rate: 0.1 }), 'silu')
  const pools = [
    g.maxPool(features, { kernel: 2, stride: 2 }),
    g.avgPool(features, { kernel: 2, stride: 2 }),
    g.blurPool(features, { kernel: 3, stride: 2 }),
    g.slice(g.pad(features, { padding: 1, mode: 'reflect' }), {
      rows: { start: 1, stop: -1, step: 2 },
      columns: { start: 1, stop: -1, step: 2 },
    }),
  ]
  const norms = g.groupNorm(g.batchNorm(g.concat(pools), { name: 'batchNorm' }), { name: 'groupNorm', groups: 4 })
  g.output('features', features)
  g.output('probabilities', g.softmax(g.linear(g.globalPool(norms), { name: 'head', channels: 10 })))
  return g.build()
}

/** A layer of this many weights and no more. */
export function layer(inChannels: number, channels: number): Graph {
  const g = new GraphBuilder('layer')
  g.output('y', g.linear(g.input('x', { channels: inChannels, rank: 2 }), { name: 'fc', channels, bias: false }))
  return g.build()
}

/** Numbers between -1 and 1 that look random, and are always the same. */
function values(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    const noise = Math.sin((index + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return 2 * (noise - Math.floor(noise)) - 1
  })
}

export function paramsOf(graph: Graph): Params {
  return new Map(
    parameters(graph).map(({ key, shape }, seed) => {
      const data = values(sizeOf(shape), seed + 1)
      return [key, parameter(shape, key.endsWith('running_var') ? data.map((value) => 1.5 + value) : data)]
    }),
  )
}

export function imageOf(size: number): Tensor {
  return tensor([1, size, size, 3], values(size * size * 3, 0))
}
