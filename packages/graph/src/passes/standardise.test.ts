import { describe, expect, test } from 'vitest'
import type { GraphBuilder, Value } from '../builder.js'
import type { Graph } from '../graph.js'
import { type Params, parameters, readParameter } from '../params.js'
import { refusal } from '../testing/errors.js'
import { evaluatePixel } from '../testing/evaluate.js'
import { graphOf, linesOf, paramsFrom, paramsOf } from '../testing/networks.js'
import { lower, optimise } from './index.js'

const everything = { residual: true, activations: ['relu'] } as const
const passes = {
  optimise: (graph: Graph, params: Params) => optimise({ graph, params }),
  lower: (graph: Graph, params: Params) => lower({ graph, params }, everything),
}

const valuesOf = (graph: Graph, params: Params) =>
  Object.fromEntries(parameters(graph).map((spec) => [spec.key, [...readParameter(params, spec)]]))

/** Two filters: 1 and 3, with mean 2 and variance 1; 2, 4, 4, 6 with mean 4 and variance 2. */
const twoFilters = paramsFrom({
  'conv.weight': [
    [2, 4, 1, 1],
    [1, 3, 1, 3, 2, 4, 4, 6],
  ],
})

const conv = (g: GraphBuilder, x: Value, standardise: number, bias = false) =>
  g.conv2d(x, { name: 'conv', channels: 2, kernel: 1, bias, standardise })

describe.each(Object.entries(passes))('%s', (_name, pass) => {
  test('leaves a plain convolution, whose every filter has mean 0 and deviation 1', () => {
    const graph = graphOf(4, (g, x) => conv(g, x, 2))
    const { graph: after, params } = pass(graph, twoFilters)
    expect(linesOf(graph)[1]).toBe('conv = conv2d(image) 4 → 2 1×1 standardised')
    expect(linesOf(after)).toEqual(['image = input [n, h, w, 4]', 'conv = conv2d(image) 4 → 2 1×1', 'out: conv'])
    // An epsilon of 2 makes the second deviation 2; the first is √3.
    const third = Math.fround(1 / Math.sqrt(3))
    expect(valuesOf(after, params)).toEqual({ 'conv.weight': [-third, third, -third, third, -1, 0, 0, 1] })
  })

  test('takes the mean of a filter over its group and its kernel alone, and keeps a bias', () => {
    const graph = graphOf(2, (g, x) =>
      g.conv2d(x, { name: 'conv', channels: 2, kernel: [1, 2], groups: 2, bias: true, standardise: 3 }),
    )
    const originals = paramsFrom({
      'conv.weight': [
        [2, 1, 1, 2],
        [5, 7, -1, 1],
      ],
      'conv.bias': [[2], [8, 9]],
    })
    const { graph: after, params } = pass(graph, originals)
    expect(valuesOf(after, params)).toEqual({ 'conv.weight': [-0.5, 0.5, -0.5, 0.5], 'conv.bias': [8, 9] })
  })

  test('makes zeros of a filter of one value', () => {
    const graph = graphOf(1, (g, x) => g.conv2d(x, { name: 'conv', channels: 2, kernel: 1, standardise: 1e-8 }))
    const originals = paramsFrom({
      'conv.weight': [
        [2, 1, 1, 1],
        [3, -1e30],
      ],
    })
    expect(valuesOf(graph, pass(graph, originals).params)).toEqual({ 'conv.weight': [0, 0] })
  })

  test('does nothing to others', () => {
    const graph = graphOf(4, (g, x) => g.conv2d(x, { name: 'conv', channels: 2, kernel: 1 }))
    expect(valuesOf(graph, pass(graph, twoFilters).params)).toEqual(valuesOf(graph, twoFilters))
  })

  test('reads nothing until the result is read, then each original once, and leaves it as it was', () => {
    const graph = graphOf(4, (g, x) => g.batchNorm(conv(g, x, 1e-6, true), { name: 'bn' }))
    const reads: string[] = []
    const originals = paramsOf(graph)
    const before = valuesOf(graph, originals)
    const counted = new Map(
      [...originals].map(([key, { shape, read }]) => {
        const count = () => {
          reads.push(key)
          return read()
        }
        return [key, { shape, read: count }]
      }),
    )
    const { graph: after, params } = pass(graph, counted)
    expect(reads).toEqual([])
    valuesOf(after, params)
    expect(reads.toSorted()).toEqual([...originals.keys()].toSorted())
    expect(valuesOf(graph, originals)).toEqual(before)
  })

  test('is not done a second time', () => {
    const graph = graphOf(4, (g, x) => conv(g, x, 0.5))
    const once = pass(graph, twoFilters)
    const twice = pass(once.graph, once.params)
    expect(valuesOf(twice.graph, twice.params)).toEqual(valuesOf(once.graph, once.params))
  })

  test('refuses a weight that is missing', () => {
    const graph = graphOf(4, (g, x) => conv(g, x, 1))
    expect(refusal(() => pass(graph, new Map())).found).toContain("'conv.weight'")
  })
})

describe('standardised weights and other passes', () => {
  test('a batch norm is folded into them after they are standardised, computed by hand', () => {
    const graph = graphOf(4, (g, x) => g.batchNorm(conv(g, x, 2), { name: 'bn', epsilon: 1 }))
    const originals = new Map([
      ...paramsFrom({
        'conv.weight': [
          [2, 4, 1, 1],
          [2, 4, 4, 6, 4, 8, 8, 12],
        ],
        // Scales 1 and 2.
        'bn.weight': [[2], [2, 4]],
        'bn.bias': [[2], [10, 20]],
        'bn.running_mean': [[2], [1, 2]],
        'bn.running_var': [[2], [3, 3]],
      }),
    ])
    const { graph: after, params } = optimise({ graph, params: originals })
    expect(linesOf(after)[1]).toBe('conv = conv2d(image) 4 → 2 1×1 + bias')
    // The first filter becomes −1, 0, 0, 1; the second, of variance 8, is divided by √10, then doubled.
    const second = 4 / Math.sqrt(10)
    const { 'conv.weight': weight, 'conv.bias': bias } = valuesOf(after, params)
    expect(weight!.slice(0, 4)).toEqual([-1, 0, 0, 1])
    for (const [index, value] of [-2 * second, 0, 0, 2 * second].entries()) {
      expect(weight![4 + index]).toBeCloseTo(value, 6)
    }
    expect(bias).toEqual([9, 16])
  })

  test('a residual and an activation are fused into the convolution, which computes the same', () => {
    const graph = graphOf(2, (g, x) => g.relu(g.add(conv(g, x, 1e-3, true), x)))
    const network = { graph, params: paramsOf(graph) }
    const fused = optimise(network)
    expect(linesOf(fused.graph)[1]).toBe('conv = conv2d(image, image) 2 → 2 1×1 + bias + residual → relu')
    const lowered = lower(network, { residual: false, activations: [] })
    expect(linesOf(lowered.graph)).toHaveLength(5)
    const pixel = [0.75, -0.25]
    const [expected, found] = [lowered, fused].map((each) => evaluatePixel(each, pixel).out!)
    expect(found).toEqual(expected)
    expect(expected!.some((value) => value > 0)).toBe(true)
  })

  test('a convolution with an epilogue that is standardised still is standardised when it is lowered', () => {
    const graph = graphOf(2, (g, x) => g.relu(g.conv2d(x, { name: 'conv', channels: 2, kernel: 1 })))
    const fused = optimise({ graph, params: paramsOf(graph) })
    const marked: Graph = {
      ...fused.graph,
      nodes: fused.graph.nodes.map((node) =>
        node.op === 'conv2d' ? { ...node, attributes: { ...node.attributes, standardise: 1 } } : node,
      ),
    }
    const lowered = lower({ graph: marked, params: fused.params }, { residual: false, activations: [] })
    expect(linesOf(lowered.graph).slice(1)).toEqual([
      'conv = conv2d(image) 2 → 2 1×1',
      'conv.relu = activation(conv) relu',
      'out: conv.relu',
    ])
    const [first, second] = valuesOf(lowered.graph, lowered.params)['conv.weight']!
    expect(first! + second!).toBeCloseTo(0, 7)
  })
})
