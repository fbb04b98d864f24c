import { describe, expect, test } from 'vitest'
import type { FusedForms } from '../backend.js'
import { GraphBuilder } from '../builder.js'
import { type Graph, inputsOf, selectOutputs } from '../graph.js'
import { type Network, type Params, parameter, parameters, readParameter } from '../params.js'
import { refusal } from '../testing/errors.js'
import { deepFreeze, everyOp, graphOf, linesOf, paramsOf } from '../testing/networks.js'
import { lower, optimise } from './index.js'
import { applyRewrites, type Rewrite } from './rewrite.js'

const nothing: FusedForms = { residual: false, activations: [] }

/** Two residual blocks with every kind of thing that passes change. */
function blocks(): Graph {
  return graphOf(4, (g, x) =>
    ['a', 'b'].reduce(
      (y, name) =>
        g.scope(name, 'block', () => {
          const first = g.relu(
            g.batchNorm(g.conv2d(y, { name: 'conv1', channels: 4, kernel: 3, padding: 1 }), { name: 'bn1' }),
          )
          const second = g.conv2d(g.dropout(first, { rate: 0.5 }), {
            name: 'conv2',
            channels: 4,
            kernel: 1,
            bias: true,
          })
          return g.relu(g.add(g.dropPath(g.batchNorm(second, { name: 'bn2' }), { rate: 0.2 }), y), { name: 'out' })
        }),
      x,
    ),
  )
}

const networkOf = (graph: Graph): Network => ({ graph, params: paramsOf(graph) })

describe('identities', () => {
  test('are dropped from the graph and from its outputs', () => {
    const g = new GraphBuilder('net')
    const image = g.input('image', { channels: 3 })
    const y = g.dropPath(g.dropout(g.relu(image), { rate: 0.5 }), { rate: 0.5 })
    g.output('dropped', y)
    g.output('out', g.softmax(y))
    const lines = ['image = input [n, h, w, 3]', 'relu = activation(image) relu', 'softmax = softmax(relu)']
    const outputs = ['dropped: relu', 'out: softmax']
    expect(linesOf(optimise(networkOf(g.build())).graph)).toEqual([...lines, ...outputs])
    expect(linesOf(lower(networkOf(g.build()), nothing).graph)).toEqual([...lines, ...outputs])
  })

  test('leave right counts of uses behind: a value that went into one and elsewhere too is still shared', () => {
    const graph = graphOf(4, (g, x) => {
      const y = g.conv2d(x, { name: 'conv', channels: 4, kernel: 1 })
      return g.add(g.relu(g.dropout(y, { rate: 0.5 })), g.softmax(y))
    })
    expect(linesOf(optimise(networkOf(graph)).graph).slice(1, 3)).toEqual([
      'conv = conv2d(image) 4 → 4 1×1',
      'relu = activation(conv) relu',
    ])
  })

  test('leave right counts of uses behind: a value that went into one only is still private', () => {
    const graph = graphOf(4, (g, x) =>
      g.relu(g.dropout(g.conv2d(x, { name: 'conv', channels: 4, kernel: 1 }), { rate: 0.5 })),
    )
    expect(linesOf(optimise(networkOf(graph)).graph).slice(1)).toEqual([
      'conv = conv2d(image) 4 → 4 1×1 → relu',
      'out: conv',
    ])
  })

  test('that are outputs make outputs of what went into them', () => {
    const g = new GraphBuilder('net')
    const y = g.conv2d(g.input('image', { channels: 4 }), { name: 'conv', channels: 4, kernel: 1 })
    g.output('features', g.dropout(y, { rate: 0.5 }))
    g.output('out', g.relu(y))
    expect(linesOf(optimise(networkOf(g.build())).graph).slice(1)).toEqual([
      'conv = conv2d(image) 4 → 4 1×1',
      'relu = activation(conv) relu',
      'features: conv',
      'out: relu',
    ])
  })
})

describe('dead nodes', () => {
  test('go, with their parameters and scopes', () => {
    const graph = graphOf(4, (g, x) => {
      g.scope('unused', 'block', () => g.conv2d(x, { name: 'conv', channels: 4, kernel: 1 }))
      return g.batchNorm(x, { name: 'bn' })
    })
    const optimised = optimise(networkOf(graph))
    expect(linesOf(optimised.graph)).toEqual(['image = input [n, h, w, 4]', 'bn = batchNorm(image) 4', 'out: bn'])
    expect(optimised.graph.scopes).toEqual([])
    expect([...optimised.params.keys()].every((key) => key.startsWith('bn.'))).toBe(true)
  })

  test('go, but inputs stay: a network is run with the same ones before and after', () => {
    const g = new GraphBuilder('net')
    const image = g.input('image', { channels: 4 })
    g.input('mask', { channels: 1 })
    g.output('out', g.relu(image))
    for (const { graph } of [optimise(networkOf(g.build())), lower(networkOf(g.build()), nothing)]) {
      expect(inputsOf(graph).map(({ name }) => name)).toEqual(['image', 'mask'])
    }
  })
})

describe('parameters', () => {
  const untouchable = (graph: Graph): Params =>
    new Map(
      parameters(graph).map(({ key, shape }) => [
        key,
        {
          shape,
          read() {
            throw new Error(`'${key}' was read`)
          },
        },
      ]),
    )

  test('are not read by passes', () => {
    const graph = blocks()
    expect(() => lower(optimise({ graph, params: untouchable(graph) }), nothing)).not.toThrow()
  })

  test('are each read once when those of the optimised network are, and no earlier', () => {
    const graph = blocks()
    const reads: string[] = []
    const params = new Map(
      [...paramsOf(graph)].map(([key, original]) => [
        key,
        {
          shape: original.shape,
          read() {
            reads.push(key)
            return original.read()
          },
        },
      ]),
    )
    const optimised = lower(optimise({ graph, params }), nothing)
    expect(reads).toEqual([])
    for (const spec of parameters(optimised.graph)) readParameter(optimised.params, spec)
    expect(reads.sort()).toEqual(
      parameters(graph)
        .map(({ key }) => key)
        .sort(),
    )
  })

  test('are those of the graph, in its order, whatever else there was', () => {
    const graph = blocks()
    const params = new Map([['spare.weight', parameter([1], new Float32Array(1))], ...paramsOf(graph)])
    for (const network of [optimise({ graph, params }), lower({ graph, params }, nothing)]) {
      expect([...network.params.keys()]).toEqual(parameters(network.graph).map(({ key }) => key))
    }
  })
})

describe('passes', () => {
  test.each([
    ['blocks', blocks],
    ['every op', everyOp],
  ])('leave the network they are given alone: %s', (_name, make) => {
    const { graph, params } = networkOf(deepFreeze(make()))
    for (const each of params.values()) Object.freeze(each)
    const [before, entries] = [structuredClone(graph), [...params]]
    const optimised = optimise({ graph, params })
    deepFreeze(optimised.graph)
    lower(optimised, nothing)
    expect(graph).toEqual(before)
    expect([...params]).toEqual(entries)
  })

  test('do nothing the second time', () => {
    const once = optimise(networkOf(blocks()))
    const twice = optimise(once)
    expect(twice.graph).toEqual(once.graph)
    expect(twice.params).toEqual(once.params)
    const lowered = lower(once, nothing)
    expect(lower(lowered, nothing)).toEqual(lowered)
  })

  test('undo one another: what lower takes apart, optimise fuses again', () => {
    const once = optimise(networkOf(blocks()))
    expect(linesOf(optimise(lower(once, nothing)).graph)).toEqual(linesOf(once.graph))
  })

  test('keep the names of outputs and their order', () => {
    const graph = selectOutputs(blocks(), ['out', 'a', 'b.conv1'])
    for (const network of [optimise(networkOf(graph)), lower(networkOf(graph), nothing)]) {
      expect(Object.keys(network.graph.outputs)).toEqual(['out', 'a', 'b.conv1'])
    }
  })

  test('refuse a graph that is not whole', () => {
    const network = networkOf(blocks())
    const broken = { ...network, graph: { ...network.graph, nodes: network.graph.nodes.slice(1) } }
    expect(refusal(() => optimise(broken))).toMatchObject({
      name: 'GraphError',
      found: "'image', which comes later or not at all",
    })
    expect(refusal(() => lower(broken, nothing))).toMatchObject({ name: 'GraphError' })
  })

  test('refuse parameters that do not fit', () => {
    const { graph, params } = networkOf(blocks())
    const fewer = new Map([...params].filter(([key]) => key !== 'b.bn1.running_var'))
    expect(refusal(() => optimise({ graph, params: fewer }))).toMatchObject({
      name: 'ParameterError',
      found: "no 'b.bn1.running_var'",
    })
    expect(refusal(() => lower({ graph, params: fewer }, nothing)).name).toBe('ParameterError')
  })
})

describe('rewrites', () => {
  const rename: Rewrite = {
    name: 'rename sums',
    apply: (node) => (node.op === 'add' ? { nodes: [{ ...node, name: 'sum' }], value: 'sum' } : undefined),
  }
  const graph = () => graphOf(3, (g, x) => g.relu(g.add(x, x)))

  test('lead the users of a node to what takes its place', () => {
    expect(linesOf(applyRewrites(networkOf(graph()), [rename]).graph)).toEqual([
      'image = input [n, h, w, 3]',
      'sum = add(image, image)',
      'relu = activation(sum) relu',
      'out: relu',
    ])
  })

  test('are verified one by one: the first that breaks the graph is named, and what it broke', () => {
    const applied: string[] = []
    const note = (name: string, rewrite: Rewrite): Rewrite => ({
      name,
      apply(node, around) {
        if (node.op === 'input') applied.push(name)
        return rewrite.apply(node, around)
      },
    })
    const misname: Rewrite = {
      name: 'misname',
      apply: (node) =>
        node.op === 'add' ? { nodes: [{ ...node, inputs: ['image', 'imagine'] }], value: node.name } : undefined,
    }
    const rewrites = [note('first', rename), note('second', misname), note('third', misname)]
    const broken = refusal(() => applyRewrites(networkOf(graph()), rewrites))
    expect(broken).toMatchObject({
      name: 'GraphError',
      subject: "rewrite 'second'",
      found: "node 'sum' (add): expected its inputs before it, found 'imagine', which comes later or not at all",
    })
    expect(applied).toEqual(['first', 'second'])
  })
})
