import { describe, expect, test } from 'vitest'
import { GraphBuilder } from './builder.js'
import { inputsOf, selectOutputs } from './graph.js'
import { inferShapes } from './shapes.js'
import { refusal } from './testing/errors.js'
import { deepFreeze } from './testing/networks.js'
import { verify } from './verify.js'

/** Two stages and a head, and a second input that only the head takes. */
function network() {
  const g = new GraphBuilder('net')
  const image = g.input('image', { channels: 3 })
  const extra = g.input('extra', { channels: 4, rank: 2 })
  const first = g.scope('layer1', 'stage', () =>
    g.scope('0', 'block', () => g.relu(g.conv2d(image, { name: 'conv', channels: 4, kernel: 1 }), { name: 'act' })),
  )
  const second = g.scope('layer2', 'stage', () => g.relu(g.conv2d(first, { name: 'conv', channels: 4, kernel: 1 })))
  const embedding = g.globalPool(second, { name: 'pool' })
  g.output('logits', g.linear(g.add(embedding, extra), { name: 'fc', channels: 2 }))
  g.output('embedding', embedding)
  return deepFreeze(g.build())
}

const names = (graph: { readonly nodes: readonly { readonly name: string }[] }) => graph.nodes.map(({ name }) => name)

describe('selectOutputs', () => {
  test.each([
    ['a node', 'layer1.0.conv', 'layer1.0.conv'],
    ['a stage', 'layer1', 'layer1.0.act'],
    ['a block', 'layer1.0', 'layer1.0.act'],
    ['an output', 'embedding', 'pool'],
    ['an input', 'image', 'image'],
  ])('finds %s', (_what, name, node) => {
    const graph = selectOutputs(network(), [name])
    expect(graph.outputs).toEqual({ [name]: node })
    expect(() => verify(graph)).not.toThrow()
  })

  test('drops nodes, inputs and scopes that no output needs', () => {
    const graph = selectOutputs(network(), ['layer1'])
    expect(names(graph)).toEqual(['image', 'layer1.0.conv', 'layer1.0.act'])
    expect(graph.scopes.map(({ name }) => name)).toEqual(['layer1', 'layer1.0'])
    expect(inputsOf(graph).map(({ name }) => name)).toEqual(['image'])
  })

  test('keeps what several outputs need, each under the name it was asked for by', () => {
    const graph = selectOutputs(network(), ['logits', 'layer1.0', 'layer1', 'layer2'])
    expect(graph.outputs).toEqual({
      logits: 'fc',
      'layer1.0': 'layer1.0.act',
      layer1: 'layer1.0.act',
      layer2: 'layer2.relu',
    })
    expect(names(graph)).toEqual(names(network()))
  })

  test('prefers an output to a node of its name', () => {
    const g = new GraphBuilder('net')
    const image = g.input('image', { channels: 1 })
    const act = g.relu(image, { name: 'act' })
    g.output('act', g.relu(act))
    expect(selectOutputs(g.build(), ['act']).outputs).toEqual({ act: 'relu' })
  })

  test('leaves the graph it is given alone', () => {
    const graph = network()
    const before = structuredClone(graph)
    selectOutputs(graph, ['layer1'])
    expect(graph).toEqual(before)
  })

  test('names all outputs that do not exist, at once', () => {
    expect(refusal(() => selectOutputs(network(), ['layer3', 'layer1', 'constructor', 'layer1.0.con']))).toMatchObject({
      name: 'OptionError',
      subject: "outputs of 'net'",
      found: "'layer3', 'constructor', 'layer1.0.con'",
      advice: 'its stages and outputs are layer1, layer2, logits, embedding',
    })
  })

  test('refuses to leave no output', () => {
    expect(refusal(() => selectOutputs(network(), []))).toMatchObject({ name: 'OptionError', found: 'none' })
  })
})

test('inputsOf lists the inputs in order', () => {
  expect(inputsOf(network()).map(({ name, attributes }) => [name, attributes.rank])).toEqual([
    ['image', 4],
    ['extra', 2],
  ])
})

test('what selectOutputs drops is not asked for', () => {
  const graph = selectOutputs(network(), ['embedding'])
  expect(inferShapes(graph, { image: [1, 2, 2, 3] }).get('pool')).toEqual([1, 4])
})
