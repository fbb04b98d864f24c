import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from './builder.js'
import { addCosts, cost, noCost } from './cost.js'
import { inferShapes } from './shapes.js'
import { refusal } from './testing/errors.js'
import { everyOp, graphOf } from './testing/networks.js'

describe('cost', () => {
  test('of a small network, computed by hand', () => {
    const g = new GraphBuilder('small')
    const image = g.input('image', { channels: 3 })
    const stem = g.conv2d(image, { name: 'conv1', channels: 4, kernel: 3, padding: 1, bias: true })
    const norm = g.relu(g.batchNorm(stem, { name: 'bn1' }))
    const grouped = g.conv2d(norm, {
      name: 'conv2',
      channels: 6,
      kernel: [1, 3],
      stride: 2,
      padding: [0, 1, 0, 1],
      groups: 2,
    })
    const gate = g.channelConv1d(g.globalPool(grouped, { keepDimensions: true }), { name: 'eca', kernel: 3 })
    const gated = g.groupNorm(g.multiply(grouped, gate), { name: 'gn', groups: 3 })
    g.output('logits', g.linear(g.globalPool(gated), { name: 'fc', channels: 10 }))
    const graph = g.build()
    const { nodes, total } = cost(graph, inferShapes(graph, { image: [1, 5, 6, 3] }))
    expect(Object.fromEntries([...nodes].filter(([, one]) => one.parameters + one.macs > 0))).toEqual({
      // 3·3·3·4 weights and 4 biases, on 5·6 positions; biases are added, not multiplied.
      conv1: { parameters: 108 + 4, macs: 108 * 30, convActivations: 4 * 30 },
      bn1: { parameters: 8, macs: 0, convActivations: 0 },
      // 3·2·6 weights (two groups of 2 → 3 channels), on 3·3 positions.
      conv2: { parameters: 36, macs: 36 * 9, convActivations: 6 * 9 },
      eca: { parameters: 3, macs: 3 * 6, convActivations: 0 },
      gn: { parameters: 12, macs: 0, convActivations: 0 },
      fc: { parameters: 70, macs: 60, convActivations: 0 },
    })
    expect(total).toEqual({
      parameters: 112 + 8 + 36 + 3 + 12 + 70,
      macs: 3240 + 324 + 18 + 60,
      convActivations: 120 + 54,
    })
    expect([...nodes.keys()]).toEqual(graph.nodes.map(({ name }) => name))
  })

  test('of a batch is that of its images, but for parameters', () => {
    const graph = everyOp()
    const at = (batch: number) => cost(graph, inferShapes(graph, { image: [batch, 20, 24, 3] })).total
    const one = at(1)
    expect(one.macs).toBeGreaterThan(0)
    expect(at(3)).toEqual({
      parameters: one.parameters,
      macs: 3 * one.macs,
      convActivations: 3 * one.convActivations,
    })
  })

  test('refuses the shapes of another graph', () => {
    const other = graphOf(3, (g, x) => g.relu(x))
    const graph = graphOf(3, (g, x) => g.conv2d(x, { channels: 1, kernel: 1 }))
    expect(refusal(() => cost(graph, inferShapes(other, { image: [1, 1, 1, 3] })))).toMatchObject({
      name: 'ShapeError',
      subject: "node 'conv2d' (conv2d)",
    })
  })
})

describe('the multiply-accumulates a position, as tutorials compare them', () => {
  const convs = (g: GraphBuilder, x: Value, ...layers: readonly (readonly [kernel: number, channels: number])[]) =>
    layers.reduce((y, [kernel, channels]) => g.conv2d(y, { channels, kernel, padding: (kernel - 1) / 2 }), x)
  const macs = (write: (g: GraphBuilder, x: Value) => Value) => {
    const graph = graphOf(256, write)
    return cost(graph, inferShapes(graph, { image: [1, 1, 1, 256] })).total.macs
  }

  test('of a pair of 3×3 convolutions 256 → 256 are 1,179,648', () => {
    expect(macs((g, x) => convs(g, x, [3, 256], [3, 256]))).toBe(1_179_648)
  })

  test('of a bottleneck 256 → 64 → 64 → 256 are 69,632', () => {
    expect(macs((g, x) => convs(g, x, [1, 64], [3, 64], [1, 256]))).toBe(69_632)
  })
})

test('costs add up', () => {
  const one = { parameters: 1, macs: 2, convActivations: 3 }
  expect(addCosts(one, addCosts(one, noCost))).toEqual({ parameters: 2, macs: 4, convActivations: 6 })
})
