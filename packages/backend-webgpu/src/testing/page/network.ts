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

/** A small residual network: convolutions of all kinds, a gate, an addition; with two outputs. */
export function network(): Graph {
  const g = new GraphBuilder('small')
  const image = g.input('image', { channels: 3 })
  const stem = g.relu(g.conv2d(image, { name: 'stem', channels: 16, kernel: 3, stride: 2, padding: 1, bias: true }))
  const grouped = g.relu(g.conv2d(stem, { name: 'grouped', channels: 16, kernel: 3, padding: 1, groups: 4 }))
  const gate = g.activation(g.globalPool(grouped, { keepDimensions: true }), 'sigmoid')
  const sum = g.add(g.conv2d(g.multiply(grouped, gate), { name: 'expand', channels: 16, kernel: 1 }), stem)
  const features = g.activation(sum, 'silu')
  g.output('features', features)
  g.output('probabilities', g.softmax(g.linear(g.globalPool(features), { name: 'head', channels: 10 })))
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
    parameters(graph).map(({ key, shape }, seed) => [key, parameter(shape, values(sizeOf(shape), seed + 1))]),
  )
}

export function imageOf(size: number): Tensor {
  return tensor([1, size, size, 3], values(size * size * 3, 0))
}
