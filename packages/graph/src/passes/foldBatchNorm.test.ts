import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'
import {
  type Network,
  type ParameterSpec,
  type Params,
  parameters,
  readParameter,
  readParameterParts,
} from '../params.js'
import { graphOf, linesOf, paramsFrom, paramsOf } from '../testing/networks.js'
import { optimise } from './index.js'

const folded = (graph: Graph) => linesOf(optimise({ graph, params: paramsOf(graph) }).graph)
const conv = (g: GraphBuilder, x: Value, name = 'conv') => g.conv2d(x, { name, channels: 4, kernel: 1 })

/** All parameters of a network as lists of numbers. */
function valuesOf({ graph, params }: Network): Record<string, number[]> {
  return Object.fromEntries(parameters(graph).map((spec) => [spec.key, [...readParameter(params, spec)]]))
}

describe('a batch norm', () => {
  test('is folded into the convolution before it', () => {
    expect(folded(graphOf(3, (g, x) => g.batchNorm(conv(g, x))))).toEqual([
      'image = input [n, h, w, 3]',
      'conv = conv2d(image) 3 → 4 1×1 + bias',
      'out: conv',
    ])
  })

  test('is folded into a convolution that has a bias, groups and dilation already', () => {
    const graph = graphOf(4, (g, x) =>
      g.batchNorm(g.conv2d(x, { name: 'conv', channels: 8, kernel: 3, dilation: 2, groups: 2, bias: true })),
    )
    expect(folded(graph)[1]).toBe('conv = conv2d(image) 4 → 8 3×3 dilation 2 groups 2 + bias')
  })

  test('after another is folded too', () => {
    expect(folded(graphOf(3, (g, x) => g.batchNorm(g.batchNorm(conv(g, x)))))).toEqual([
      'image = input [n, h, w, 3]',
      'conv = conv2d(image) 3 → 4 1×1 + bias',
      'out: conv',
    ])
  })

  test('is folded across a dropout, which is the identity', () => {
    const graph = graphOf(3, (g, x) => g.batchNorm(g.dropout(conv(g, x), { rate: 0.5 })))
    expect(folded(graph)[1]).toBe('conv = conv2d(image) 3 → 4 1×1 + bias')
  })

  test('with no convolution before it stays', () => {
    expect(folded(graphOf(3, (g, x) => conv(g, g.relu(g.batchNorm(x, { name: 'bn' })))))).toEqual([
      'image = input [n, h, w, 3]',
      'bn = batchNorm(image) 3',
      'relu = activation(bn) relu',
      'conv = conv2d(relu) 3 → 4 1×1',
      'out: conv',
    ])
  })

  test('after a convolution that is an output stays', () => {
    const g = new GraphBuilder('tapped')
    const y = conv(g, g.input('image', { channels: 3 }))
    g.output('raw', y)
    g.output('out', g.batchNorm(y, { name: 'bn' }))
    expect(folded(g.build()).slice(1)).toEqual([
      'conv = conv2d(image) 3 → 4 1×1',
      'bn = batchNorm(conv) 4',
      'raw: conv',
      'out: bn',
    ])
  })

  test('after a convolution that something else takes too stays', () => {
    const graph = graphOf(3, (g, x) => {
      const y = conv(g, x)
      return g.add(g.batchNorm(y, { name: 'bn1' }), g.batchNorm(y, { name: 'bn2' }))
    })
    expect(folded(graph).slice(1, 4)).toEqual([
      'conv = conv2d(image) 3 → 4 1×1',
      'bn1 = batchNorm(conv) 4',
      'bn2 = batchNorm(conv) 4',
    ])
  })

  test('of whose two norms the first is an output is folded up to there', () => {
    const g = new GraphBuilder('tapped')
    const first = g.batchNorm(conv(g, g.input('image', { channels: 3 })), { name: 'bn1' })
    g.output('first', first)
    g.output('out', g.batchNorm(first, { name: 'bn2' }))
    expect(folded(g.build()).slice(1)).toEqual([
      'conv = conv2d(image) 3 → 4 1×1 + bias',
      'bn2 = batchNorm(conv) 4',
      'first: conv',
      'out: bn2',
    ])
  })

  test('of two is not folded where the first is needed elsewhere', () => {
    const graph = graphOf(3, (g, x) => {
      const first = g.batchNorm(conv(g, x), { name: 'bn1' })
      return g.add(g.batchNorm(first, { name: 'bn2' }), g.softmax(first))
    })
    expect(folded(graph).slice(1, 3)).toEqual(['conv = conv2d(image) 3 → 4 1×1 + bias', 'bn2 = batchNorm(conv) 4'])
  })

  test('after a convolution with an activation fused into it stays', () => {
    const graph = graphOf(3, (g, x) => g.batchNorm(g.relu(conv(g, x)), { name: 'bn' }))
    const once = optimise({ graph, params: paramsOf(graph) })
    const expected = ['conv = conv2d(image) 3 → 4 1×1 → relu', 'bn = batchNorm(conv) 4', 'out: bn']
    expect(linesOf(once.graph).slice(1)).toEqual(expected)
    expect(linesOf(optimise(once).graph).slice(1)).toEqual(expected)
  })

  test('after a convolution that only a dead node takes too is folded', () => {
    const graph = graphOf(3, (g, x) => {
      const y = conv(g, x)
      g.relu(y)
      return g.batchNorm(y)
    })
    expect(folded(graph)).toHaveLength(3)
  })
})

describe('folded parameters, computed by hand', () => {
  // With a variance of 3 and an epsilon of 1 the deviation is 2, so the scale is [2, 4] / 2 = [1, 2].
  const norm = (name: string): Record<string, readonly [readonly number[], readonly number[]]> => ({
    [`${name}.weight`]: [[2], [2, 4]],
    [`${name}.bias`]: [[2], [10, 20]],
    [`${name}.running_mean`]: [[2], [1, 2]],
    [`${name}.running_var`]: [[2], [3, 3]],
  })
  const fold = (graph: Graph, params: Params) => valuesOf(optimise({ graph, params }))

  test('of a convolution without a bias', () => {
    const graph = graphOf(1, (g, x) =>
      g.batchNorm(g.conv2d(x, { name: 'conv', channels: 2, kernel: [1, 3] }), { name: 'bn', epsilon: 1 }),
    )
    const params = paramsFrom({
      'conv.weight': [
        [2, 1, 1, 3],
        [1, 2, 3, 4, 5, 6],
      ],
      ...norm('bn'),
    })
    expect(fold(graph, params)).toEqual({
      'conv.weight': [1, 2, 3, 8, 10, 12],
      // 10 − 1·1, 20 − 2·2
      'conv.bias': [9, 16],
    })
  })

  test('of a convolution with a bias', () => {
    const graph = graphOf(2, (g, x) =>
      g.batchNorm(g.conv2d(x, { name: 'conv', channels: 2, kernel: 1, bias: true }), { name: 'bn', epsilon: 1 }),
    )
    const params = paramsFrom({
      'conv.weight': [
        [2, 2, 1, 1],
        [1, 2, 3, 4],
      ],
      'conv.bias': [[2], [5, 6]],
      ...norm('bn'),
    })
    expect(fold(graph, params)).toEqual({
      'conv.weight': [1, 2, 6, 8],
      // (5 − 1)·1 + 10, (6 − 2)·2 + 20
      'conv.bias': [14, 28],
    })
  })

  test('of a grouped convolution', () => {
    const graph = graphOf(4, (g, x) =>
      g.batchNorm(g.conv2d(x, { name: 'conv', channels: 2, kernel: 1, groups: 2 }), { name: 'bn', epsilon: 1 }),
    )
    const params = paramsFrom({
      'conv.weight': [
        [2, 2, 1, 1],
        [1, 2, 3, 4],
      ],
      ...norm('bn'),
    })
    expect(fold(graph, params)).toEqual({ 'conv.weight': [1, 2, 6, 8], 'conv.bias': [9, 16] })
  })

  test('of two norms one after the other', () => {
    const graph = graphOf(1, (g, x) => {
      const y = g.conv2d(x, { name: 'conv', channels: 2, kernel: 1, bias: true })
      return g.batchNorm(g.batchNorm(y, { name: 'bn1', epsilon: 1 }), { name: 'bn2', epsilon: 1 })
    })
    const params = paramsFrom({
      'conv.weight': [
        [2, 1, 1, 1],
        [3, 5],
      ],
      'conv.bias': [[2], [5, 6]],
      ...norm('bn1'),
      ...norm('bn2'),
    })
    expect(fold(graph, params)).toEqual({
      // Scaled by [1, 2] twice.
      'conv.weight': [3, 20],
      // After the first norm [14, 28], then (14 − 1)·1 + 10, (28 − 2)·2 + 20
      'conv.bias': [23, 72],
    })
  })

  test('are computed in float64 and rounded once', () => {
    const graph = graphOf(1, (g, x) =>
      g.batchNorm(g.conv2d(x, { name: 'conv', channels: 1, kernel: 1 }), { name: 'bn' }),
    )
    const [weight, gamma, beta, mean, variance] = [0.1, 0.7, 0.3, 0.2, 0.9].map(Math.fround) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const params = paramsFrom({
      'conv.weight': [[1, 1, 1, 1], [weight]],
      'bn.weight': [[1], [gamma]],
      'bn.bias': [[1], [beta]],
      'bn.running_mean': [[1], [mean]],
      'bn.running_var': [[1], [variance]],
    })
    const scale = gamma / Math.sqrt(variance + 1e-5)
    expect(fold(graph, params)).toEqual({
      'conv.weight': [Math.fround(weight * scale)],
      'conv.bias': [Math.fround(beta - mean * scale)],
    })
  })

  test('are the same in parts of any length, of two norms too', () => {
    const graph = graphOf(3, (g, x) => {
      const y = g.conv2d(x, { name: 'conv', channels: 4, kernel: 3 })
      return g.batchNorm(g.batchNorm(y, { name: 'bn1' }), { name: 'bn2' })
    })
    const network = optimise({ graph, params: paramsOf(graph) })
    const [spec] = parameters(network.graph) as [ParameterSpec]
    const whole = readParameter(network.params, spec)
    for (const length of [1, 5, 27, 50, 108, 1000]) {
      const parts = [...readParameterParts(network.params, spec, length)].map((part) => part.length)
      expect(Math.max(...parts)).toBe(Math.min(length, 108))
      const values: number[] = []
      for (const part of readParameterParts(network.params, spec, length)) values.push(...part)
      expect(values).toEqual([...whole])
    }
  })

  test('leave the original values alone', () => {
    const graph = graphOf(3, (g, x) => g.batchNorm(g.batchNorm(conv(g, x))))
    const params = paramsOf(graph)
    const before = valuesOf({ graph, params })
    valuesOf(optimise({ graph, params }))
    expect(valuesOf({ graph, params })).toEqual(before)
  })
})
