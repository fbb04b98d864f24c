import { expect, test } from 'vitest'
import { GraphBuilder } from './builder.js'
import { optimise } from './passes/index.js'
import { print } from './print.js'
import { refusal } from './testing/errors.js'
import { paramsOf } from './testing/networks.js'

function network() {
  const g = new GraphBuilder('tiny')
  const image = g.input('image', { channels: 3 })
  const stem = g.relu(
    g.batchNorm(g.conv2d(image, { name: 'conv1', channels: 8, kernel: 3, padding: 1 }), { name: 'bn1' }),
  )
  const block = g.scope('layer1', 'block', () => {
    const y = g.batchNorm(g.conv2d(stem, { name: 'conv', channels: 8, kernel: 1 }), { name: 'bn' })
    return g.relu(g.add(y, stem), { name: 'act' })
  })
  g.output('logits', g.linear(g.globalPool(block, { name: 'pool' }), { name: 'fc', channels: 2 }))
  g.output('features', block)
  return g.build()
}

test('a graph is printed one node a line', () => {
  expect(print(network())).toBe(`graph tiny
  image = input [n, h, w, 3]
  conv1 = conv2d(image) 3 → 8 3×3 pad 1 : [n, h, w, 8]
  bn1 = batchNorm(conv1) 8 : [n, h, w, 8]
  relu = activation(bn1) relu : [n, h, w, 8]
  layer1.conv = conv2d(relu) 8 → 8 1×1 : [n, h, w, 8]
  layer1.bn = batchNorm(layer1.conv) 8 : [n, h, w, 8]
  layer1.add = add(layer1.bn, relu) : [n, h, w, 8]
  layer1.act = activation(layer1.add) relu : [n, h, w, 8]
  pool = globalPool(layer1.act) avg : [n, 8]
  fc = linear(pool) 8 → 2 + bias : [n, 2]
  logits: fc
  features: layer1.act`)
})

test('with the shapes of its inputs, every line ends in its own shape', () => {
  const graph = network()
  const { graph: optimised } = optimise({ graph, params: paramsOf(graph) })
  expect(print(optimised, { image: [2, 5, 4, 3] })).toBe(`graph tiny
  image = input [2, 5, 4, 3]
  conv1 = conv2d(image) 3 → 8 3×3 pad 1 + bias → relu : [2, 5, 4, 8]
  layer1.conv = conv2d(conv1, conv1) 8 → 8 1×1 + bias + residual → relu : [2, 5, 4, 8]
  pool = globalPool(layer1.conv) avg : [2, 8]
  fc = linear(pool) 8 → 2 + bias : [2, 2]
  logits: fc
  features: layer1.conv`)
})

test('shapes that cannot be are refused', () => {
  expect(refusal(() => print(network(), { image: [1, 2, 3] })).name).toBe('ShapeError')
})
