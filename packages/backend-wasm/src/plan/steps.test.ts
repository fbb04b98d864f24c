import { type Graph, GraphBuilder, GraphError, type Node, type Value } from '@resnet-ts/graph'
import { randomGraph } from '@resnet-ts/testing/randomGraph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refuse, type Step, stepsOf } from './steps.js'

function graphOf(write: (g: GraphBuilder, image: Value, other: Value) => Value): Graph {
  const g = new GraphBuilder('graph')
  const image = g.input('image', { channels: 8 })
  const other = g.input('other', { channels: 8 })
  g.output('y', write(g, image, other))
  return g.build()
}

/** A step in short: its op, what it reads, what it yields, and its activation. */
function short({ node, inputs, output, activation }: Step): string {
  return `${node.op} ${inputs.join(' ')} → ${output}${activation ? `, ${activation}` : ''}`
}

const stepsIn = (write: Parameters<typeof graphOf>[0]) => stepsOf(graphOf(write)).map(short)

describe('steps', () => {
  test('inputs are none', () => {
    expect(stepsIn((_, image) => image)).toEqual([])
  })

  test('an activation joins a batch norm', () => {
    expect(stepsIn((g, image) => g.activation(g.batchNorm(image, { name: 'bn' }), 'silu', { name: 'act' }))).toEqual([
      'batchNorm image → act, silu',
    ])
  })

  test('an activation joins a group norm', () => {
    const steps = stepsIn((g, image) => g.relu(g.groupNorm(image, { name: 'gn', groups: 2 }), { name: 'act' }))
    expect(steps).toEqual(['groupNorm image → act, relu'])
  })

  test('a gate, a sum and an activation join the batch norm before them', () => {
    const steps = stepsOf(
      graphOf((g, image, other) => {
        const gate = g.globalPool(image, { name: 'pool', keepDimensions: true })
        const gated = g.multiply(g.batchNorm(image, { name: 'bn' }), gate, { name: 'gated' })
        return g.relu(g.add(gated, other, { name: 'sum' }), { name: 'act' })
      }),
    )
    expect(steps.map(short)).toEqual(['globalPool image → pool', 'batchNorm image pool other → act, relu'])
    expect(steps[1].parts).toMatchObject({ norm: { name: 'bn' }, factor: 'pool', addend: 'other' })
  })

  test('a sum joins whichever side can take it', () => {
    const side = (g: GraphBuilder, x: Value) => g.batchNorm(x, { name: 'bn' })
    const expected = ['batchNorm image other → sum']
    expect(stepsIn((g, image, other) => g.add(side(g, image), other, { name: 'sum' }))).toEqual(expected)
    expect(stepsIn((g, image, other) => g.add(other, side(g, image), { name: 'sum' }))).toEqual(expected)
  })

  test('a second sum is a step of its own', () => {
    const steps = stepsIn((g, image, other) => {
      return g.add(g.add(g.batchNorm(image, { name: 'bn' }), other, { name: 'one' }), other, { name: 'two' })
    })
    expect(steps).toEqual(['batchNorm image other → one', 'add one other → two'])
  })

  test('a product does not join a sum', () => {
    const steps = stepsIn((g, image, other) => {
      return g.multiply(g.add(image, other, { name: 'sum' }), other, { name: 'product' })
    })
    expect(steps).toEqual(['add image other → sum', 'multiply sum other → product'])
  })

  test('a value times itself, and a value plus itself, are read twice', () => {
    expect(stepsIn((g, image) => g.multiply(image, image, { name: 'square' }))).toEqual([
      'multiply image image → square',
    ])
    const twice = stepsIn((g, image) => {
      const norm = g.batchNorm(image, { name: 'bn' })
      return g.add(norm, norm, { name: 'twice' })
    })
    expect(twice).toEqual(['batchNorm image → bn', 'add bn bn → twice'])
  })

  test('nothing joins what somebody else reads', () => {
    const g = new GraphBuilder('graph')
    const norm = g.batchNorm(g.input('image', { channels: 8 }), { name: 'bn' })
    g.output('y', g.relu(norm, { name: 'act' }))
    g.output('norm', norm)
    expect(stepsOf(g.build()).map(short)).toEqual(['batchNorm image → bn', 'activation bn → act, relu'])
  })

  test('nothing joins what an activation ends', () => {
    const steps = stepsIn((g, image, other) => {
      return g.add(g.relu(g.batchNorm(image, { name: 'bn' }), { name: 'act' }), other, { name: 'sum' })
    })
    expect(steps).toEqual(['batchNorm image → act, relu', 'add act other → sum'])
  })

  test("a convolution's epilogue is part of its step", () => {
    const graph = graphOf((g, image) => g.conv2d(image, { name: 'conv', channels: 8, kernel: 1 }))
    const fused = graph.nodes.map((node) =>
      node.op === 'conv2d'
        ? { ...node, attributes: { ...node.attributes, epilogue: { residual: false, activation: 'relu' as const } } }
        : node,
    )
    expect(stepsOf({ ...graph, nodes: fused }).map(short)).toEqual(['conv2d image → conv, relu'])
  })

  test('a step stands after all that it reads, and every output is yielded', () => {
    fc.assert(
      fc.property(randomGraph, ({ graph }) => {
        const known = new Set(graph.nodes.filter(({ op }) => op === 'input').map(({ name }) => name))
        for (const { inputs, output } of stepsOf(graph)) {
          for (const input of inputs) expect(known, `${input} before ${output}`).toContain(input)
          known.add(output)
        }
        for (const output of Object.values(graph.outputs)) expect(known).toContain(output)
      }),
      { numRuns: 200 },
    )
  })
})

test('a node that no kernel computes is refused by name', () => {
  const node = { name: 'drop', op: 'dropout' } as Node
  expect(() => refuse(node)).toThrow(GraphError)
  expect(() => refuse(node)).toThrow("node 'drop' (dropout): expected an op that lowering leaves, found dropout.")
})
