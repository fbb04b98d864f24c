import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from './builder.js'
import { type Graph, selectOutputs } from './graph.js'
import { parameters } from './params.js'
import { lower, optimise } from './passes/index.js'
import { print } from './print.js'
import { refusal } from './testing/errors.js'
import { paramsOf } from './testing/networks.js'
import { verify } from './verify.js'

/** What owns parameters, in the order of the checkpoint. */
const owners = (graph: Graph) => [...new Set(parameters(graph).map(({ node }) => node))]

/** A graph of pointwise convolutions, as `write` names them one after another. */
function chain(write: (g: GraphBuilder, conv: (name: string) => Value) => void): Graph {
  const g = new GraphBuilder('net')
  let value = g.input('image', { channels: 2 })
  const conv = (name: string) => {
    value = g.conv2d(value, { name, channels: 2, kernel: 1 })
    return value
  }
  write(g, conv)
  g.output('out', value)
  return g.build()
}

/** A pre-activated block, whose shortcut comes after a norm and before it in checkpoints. */
function block(g: GraphBuilder, x: Value, name: string): Value {
  return g.scope(name, 'block', () => {
    g.reserve('downsample')
    const y = g.relu(g.batchNorm(x, { name: 'norm1' }))
    const shortcut = g.scope('downsample', 'downsample', () => g.conv2d(y, { name: 'conv', channels: 4, kernel: 1 }))
    const z = g.batchNorm(g.conv2d(y, { name: 'conv1', channels: 4, kernel: 3, padding: 1 }), { name: 'norm2' })
    return g.add(g.conv2d(g.relu(z), { name: 'conv2', channels: 4, kernel: 3, padding: 1 }), shortcut)
  })
}

function network(): Graph {
  const g = new GraphBuilder('net')
  const x = block(g, g.conv2d(g.input('image', { channels: 3 }), { name: 'stem', channels: 4, kernel: 1 }), 'a')
  g.output('logits', g.linear(g.globalPool(block(g, x, 'b')), { name: 'fc', channels: 2 }))
  return g.build()
}

describe('the order of a checkpoint', () => {
  test('is that of the nodes where nothing was reserved, and then not written down', () => {
    const graph = chain((_g, conv) => ['b', 'a', 'c'].forEach(conv))
    expect(owners(graph)).toEqual(['b', 'a', 'c'])
    expect('checkpointOrder' in graph).toBe(false)
  })

  test('has a node where its name was reserved', () => {
    const graph = chain((g, conv) => {
      conv('a')
      g.reserve('late')
      for (const name of ['b', 'c', 'late', 'd']) conv(name)
    })
    expect(owners(graph)).toEqual(['a', 'late', 'b', 'c', 'd'])
    expect(graph.nodes.map(({ name }) => name)).toEqual(['image', 'a', 'b', 'c', 'late', 'd'])
  })

  test('has a reserved scope together, in its own order', () => {
    const graph = chain((g, conv) => {
      g.reserve('late')
      conv('a')
      g.scope('late', 'block', () => ['y', 'x'].map(conv).at(-1)!)
      conv('later')
      conv('b')
    })
    expect(owners(graph)).toEqual(['late.y', 'late.x', 'a', 'later', 'b'])
  })

  test('has several that were reserved in one place in the order of their reservations', () => {
    const graph = chain((g, conv) => {
      conv('a')
      g.reserve('first')
      g.reserve('second')
      for (const name of ['b', 'second', 'c', 'first']) conv(name)
    })
    expect(owners(graph)).toEqual(['a', 'first', 'second', 'b', 'c'])
  })

  test('has several that were reserved in different places each in its own', () => {
    const graph = chain((g, conv) => {
      g.reserve('x')
      conv('a')
      g.reserve('y')
      for (const name of ['b', 'y', 'x']) conv(name)
    })
    expect(owners(graph)).toEqual(['x', 'a', 'y', 'b'])
  })

  test('has what is reserved inside a reserved scope inside of it', () => {
    const graph = chain((g, conv) => {
      g.reserve('outer')
      conv('a')
      g.scope('outer', 'block', () => {
        conv('x')
        g.reserve('inner')
        conv('y')
        return g.scope('inner', 'block', () => ['p', 'q'].map(conv).at(-1)!)
      })
      conv('b')
    })
    expect(owners(graph)).toEqual(['outer.x', 'outer.inner.p', 'outer.inner.q', 'outer.y', 'a', 'b'])
  })

  test('keeps the reservations of one scope out of another', () => {
    const expected = ['a', 'b'].flatMap((name) =>
      ['downsample.conv', 'norm1', 'conv1', 'norm2', 'conv2'].map((part) => `${name}.${part}`),
    )
    expect(owners(network())).toEqual(['stem', ...expected, 'fc'])
  })

  test('does not take a longer name for the reserved one', () => {
    const graph = chain((g, conv) => {
      g.reserve('conv')
      for (const name of ['a', 'conv1', 'conv']) conv(name)
    })
    expect(owners(graph)).toEqual(['conv', 'a', 'conv1'])
  })

  test('is none the worse for a reservation that nobody took', () => {
    const graph = chain((g, conv) => {
      g.reserve('never')
      conv('a')
    })
    expect(owners(graph)).toEqual(['a'])
  })

  test.each(['', 3, undefined])('has no place for %o', (name) => {
    const g = new GraphBuilder('net')
    expect(refusal(() => g.reserve(name as string))).toMatchObject({ name: 'GraphError', expected: 'a name' })
  })

  test('survives JSON', () => {
    const back: Graph = JSON.parse(JSON.stringify(network()))
    verify(back)
    expect(owners(back)).toEqual(owners(network()))
    expect(print(back)).toBe(print(network()))
  })

  test('survives selectOutputs, which leaves no names of nodes that are gone', () => {
    const part = selectOutputs(network(), ['a', 'b.conv1'])
    const left = ['b.norm1', 'b.conv1']
    expect(owners(part)).toEqual([
      ...owners(network()).filter((name) => name.startsWith('a.') || name === 'stem'),
      ...left,
    ])
    expect(new Set(part.checkpointOrder)).toEqual(new Set(part.nodes.map(({ name }) => name)))
    expect(() => verify(part)).not.toThrow()
  })

  test('survives passes: what is left of it is in the order it was in', () => {
    const graph = network()
    const optimised = optimise({ graph, params: paramsOf(graph) })
    const folded = ['a.norm1', 'a.norm2', 'b.norm2']
    const kept = owners(graph).filter((name) => !folded.includes(name))
    expect(owners(optimised.graph)).toEqual(kept)
    expect([...optimised.params.keys()]).toEqual(parameters(optimised.graph).map(({ key }) => key))
    const lowered = lower(optimised, { residual: false, activations: [] })
    expect(owners(lowered.graph)).toEqual(kept)
    expect(lowered.graph.nodes.some(({ name }) => name === 'a.conv2.add' || name === 'a.downsample.conv.add')).toBe(
      true,
    )
  })
})
