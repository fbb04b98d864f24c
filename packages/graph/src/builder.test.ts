import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from './builder.js'
import type { Graph, Node } from './graph.js'
import type { Conv2dAttributes } from './ops/conv2d.js'
import { parameters } from './params.js'
import { print } from './print.js'
import { inferShapes } from './shapes.js'
import { refusal } from './testing/errors.js'
import { everyOp, graphOf } from './testing/networks.js'
import { verify } from './verify.js'

function start(channels = 8): { readonly g: GraphBuilder; readonly image: Value } {
  const g = new GraphBuilder('net')
  return { g, image: g.input('image', { channels }) }
}

const attributesOf = (graph: Graph) => graph.nodes.find(({ name }) => name === graph.outputs.out)!.attributes

describe('names', () => {
  test('are the given ones, else the op, or the kind of an activation, with the first free number', () => {
    const { g, image } = start()
    const names = [
      g.batchNorm(image),
      g.batchNorm(image),
      g.batchNorm(image, { name: 'batchNorm4' }),
      g.batchNorm(image),
      g.batchNorm(image),
      g.relu(image),
      g.relu(image),
      g.activation(image, 'silu'),
      g.activation(image, 'silu', { name: 'gate' }),
    ].map((value) => value.name)
    const norms = ['batchNorm', 'batchNorm2', 'batchNorm4', 'batchNorm3', 'batchNorm5']
    expect(names).toEqual([...norms, 'relu', 'relu2', 'silu', 'gate'])
  })

  test('stand behind those of the scopes around them', () => {
    const { g, image } = start()
    const seen: string[] = []
    const note = (value: Value) => {
      seen.push(value.name)
      return value
    }
    g.scope('layer1', 'stage', () => {
      const y = g.scope('0', 'block', () =>
        note(g.relu(note(g.conv2d(image, { name: 'conv1', channels: 4, kernel: 1 })))),
      )
      return note(g.relu(y))
    })
    note(g.relu(image))
    expect(seen).toEqual(['layer1.0.conv1', 'layer1.0.relu', 'layer1.relu', 'relu'])
  })

  test('of checkpoints follow from them', () => {
    const { g, image } = start()
    const y = g.scope('layer1.0', 'block', () => g.conv2d(image, { name: 'conv1', channels: 4, kernel: 1, bias: true }))
    g.output('out', y)
    expect(parameters(g.build()).map(({ key }) => key)).toEqual(['layer1.0.conv1.weight', 'layer1.0.conv1.bias'])
  })

  test.each([
    ['a node', (g: GraphBuilder, x: Value) => g.relu(x, { name: 'image' }), "node 'image' (activation)"],
    ['an input', (g: GraphBuilder) => g.input('image', { channels: 1 }), "node 'image' (input)"],
  ])('that are taken are refused for %s', (_what, write, subject) => {
    const { g, image } = start()
    expect(refusal(() => write(g, image))).toMatchObject({
      name: 'GraphError',
      subject,
      expected: 'a name that is not taken',
    })
  })

  test.each(['', 3])('that are none, such as %o, are refused for nodes, scopes and outputs', (name) => {
    const { g, image } = start()
    const bad = name as string
    for (const write of [
      () => g.input(bad, { channels: 1 }),
      () => g.scope(bad, 'block', () => image),
      () => g.output(bad, image),
    ]) {
      expect(refusal(write)).toMatchObject({ name: 'GraphError', expected: 'a name' })
    }
  })

  test('of a scope and of a node inside another scope may be the same', () => {
    const { g, image } = start()
    const y = g.scope('a', 'block', () => g.relu(image, { name: 'b' }))
    g.output(
      'b',
      g.scope('b', 'block', () => g.relu(y, { name: 'a' })),
    )
    expect(g.build().nodes.map(({ name }) => name)).toEqual(['image', 'a.b', 'b.a'])
  })

  test('that every object has are names like any other', () => {
    const { g, image } = start()
    const y = g.scope('toString', 'block', () => g.relu(image, { name: '__proto__' }))
    g.output('constructor', y)
    g.output('__proto__', g.relu(y, { name: 'hasOwnProperty' }))
    const graph = g.build()
    expect(Object.entries(graph.outputs)).toEqual([
      ['constructor', 'toString.__proto__'],
      ['__proto__', 'hasOwnProperty'],
    ])
    expect(() => verify(JSON.parse(JSON.stringify(graph)))).not.toThrow()
  })
})

describe('scopes', () => {
  test('are recorded outside in, with their kind and the node whose value leaves them', () => {
    const { g, image } = start()
    const stage = g.scope('layer1', 'stage', () => {
      const first = g.scope('0', 'block', () => g.relu(image))
      return g.scope('1', 'block', () => g.relu(first))
    })
    g.output('out', stage)
    expect(g.build().scopes).toEqual([
      { name: 'layer1', kind: 'stage', output: 'layer1.1.relu' },
      { name: 'layer1.0', kind: 'block', output: 'layer1.0.relu' },
      { name: 'layer1.1', kind: 'block', output: 'layer1.1.relu' },
    ])
  })

  test('may let their input through', () => {
    const { g, image } = start()
    expect(g.scope('identity', 'shortcut', () => image)).toBe(image)
  })

  test('of the same full name are refused', () => {
    const { g, image } = start()
    g.scope('a', 'block', () => g.scope('b', 'block', () => image))
    expect(refusal(() => g.scope('a.b', 'block', () => image))).toMatchObject({
      name: 'GraphError',
      subject: "node 'a.b' (scope)",
      found: 'a second scope of that name',
    })
  })

  test('are left even when what is written in them fails', () => {
    const { g, image } = start()
    expect(() => g.scope('a', 'block', () => g.relu(image, { name: '' }))).toThrow()
    expect(g.relu(image).name).toBe('relu')
  })
})

describe('values', () => {
  test('of another builder are refused, even when it has a node of that name', () => {
    const { g } = start()
    const { image: foreign } = start()
    const refused = {
      name: 'GraphError',
      expected: "a value of the graph 'net'",
      found: "'image', which another builder made",
    }
    expect(refusal(() => g.relu(foreign))).toMatchObject({ ...refused, subject: "node 'relu' (activation)" })
    expect(refusal(() => g.output('out', foreign))).toMatchObject({ ...refused, subject: "node 'out' (output)" })
    expect(refusal(() => g.scope('s', 'block', () => foreign))).toMatchObject({
      ...refused,
      subject: "node 's' (scope)",
    })
  })

  test('of another builder are refused beside good ones', () => {
    const { g, image } = start()
    expect(refusal(() => g.add(image, start().image)).found).toBe("'image', which another builder made")
  })

  test('that are none are refused', () => {
    const { g, image } = start()
    expect(refusal(() => g.add(image, undefined as unknown as Value)).found).toBe('undefined')
    expect(refusal(() => g.scope('s', 'block', () => undefined as unknown as Value)).found).toBe('undefined')
  })

  test('of a refused node leave no trace', () => {
    const { g, image } = start()
    expect(() => g.conv2d(image, { name: 'conv', channels: 0, kernel: 1 })).toThrow()
    g.output('out', g.conv2d(image, { name: 'conv', channels: 1, kernel: 1 }))
    expect(g.build().nodes).toHaveLength(2)
  })
})

describe('options', () => {
  test('of a convolution have the defaults of PyTorch, but no bias', () => {
    expect(attributesOf(graphOf(8, (g, x) => g.conv2d(x, { channels: 4, kernel: 3 })))).toEqual({
      inChannels: 8,
      outChannels: 4,
      kernel: [3, 3],
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: [1, 1],
      groups: 1,
      bias: false,
    })
  })

  test('of both directions may differ', () => {
    const graph = graphOf(8, (g, x) =>
      g.conv2d(x, { channels: 8, kernel: [3, 5], stride: [1, 2], padding: [0, 1, 2, 3], dilation: [2, 1], groups: 4 }),
    )
    expect(attributesOf(graph)).toMatchObject({
      kernel: [3, 5],
      stride: [1, 2],
      padding: [0, 1, 2, 3],
      dilation: [2, 1],
    })
  })

  test('are numbers for all directions', () => {
    const graph = graphOf(8, (g, x) => g.conv2d(x, { channels: 8, kernel: 3, stride: 2, padding: 4, dilation: 5 }))
    expect(attributesOf(graph)).toMatchObject({
      kernel: [3, 3],
      stride: [2, 2],
      padding: [4, 4, 4, 4],
      dilation: [5, 5],
    })
  })

  test('of poolings have the defaults of PyTorch: the stride is the kernel, padding counts', () => {
    expect(attributesOf(graphOf(8, (g, x) => g.maxPool(x, { kernel: [2, 3] })))).toEqual({
      kernel: [2, 3],
      stride: [2, 3],
      padding: [0, 0, 0, 0],
      ceilMode: false,
    })
    expect(attributesOf(graphOf(8, (g, x) => g.avgPool(x, { kernel: 2, stride: 1 })))).toEqual({
      kernel: [2, 2],
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      ceilMode: false,
      countIncludePad: true,
    })
  })

  test.each<[string, (g: GraphBuilder, x: Value) => Value, object]>([
    ['batchNorm', (g, x) => g.batchNorm(x), { channels: 8, epsilon: 1e-5, zeroInit: false }],
    ['groupNorm', (g, x) => g.groupNorm(x, { groups: 2 }), { channels: 8, groups: 2, epsilon: 1e-5, zeroInit: false }],
    ['globalPool', (g, x) => g.globalPool(x), { kind: 'avg', keepDimensions: false }],
    ['linear', (g, x) => g.linear(g.globalPool(x), { channels: 3 }), { inChannels: 8, outChannels: 3, bias: true }],
    ['pad', (g, x) => g.pad(x, {}), { padding: [0, 0, 0, 0], channels: [0, 0], mode: 'zero' }],
    [
      'slice',
      (g, x) => g.slice(x, { rows: { step: 2 } }),
      {
        rows: { start: 0, stop: null, step: 2 },
        columns: { start: 0, stop: null, step: 1 },
        channels: { start: 0, stop: null, step: 1 },
      },
    ],
  ])('of %s are filled in', (_name, write, attributes) => {
    expect(attributesOf(graphOf(8, write))).toEqual(attributes)
  })

  test('that are lists are copied', () => {
    const kernel: [number, number] = [3, 3]
    const padding: [number, number, number, number] = [1, 1, 1, 1]
    const graph = graphOf(8, (g, x) => g.conv2d(x, { channels: 4, kernel, padding }))
    kernel[0] = 99
    padding[0] = 99
    expect(attributesOf(graph) as Conv2dAttributes).toMatchObject({ kernel: [3, 3], padding: [1, 1, 1, 1] })
  })

  test.each([undefined, null, '3', [3], [3, 3, 3], {}])('such as a kernel of %o are refused', (kernel) => {
    const options = { channels: 4, kernel: kernel as number }
    expect(refusal(() => graphOf(8, (g, x) => g.conv2d(x, options)))).toMatchObject({
      name: 'GraphError',
      subject: "node 'conv2d' (conv2d)",
      expected: 'kernel to be 2 whole numbers of at least 1',
    })
  })
})

describe('outputs', () => {
  test('are named by the caller, outside all scopes, in order', () => {
    const { g, image } = start()
    const y = g.scope('layer1', 'stage', () => {
      const inner = g.relu(image)
      g.output('features', inner)
      return g.relu(inner)
    })
    g.output('last', y)
    g.output('again', y)
    expect(Object.entries(g.build().outputs)).toEqual([
      ['features', 'layer1.relu'],
      ['last', 'layer1.relu2'],
      ['again', 'layer1.relu2'],
    ])
  })

  test('of the same name are refused', () => {
    const { g, image } = start()
    g.output('out', image)
    expect(refusal(() => g.output('out', image))).toMatchObject({
      name: 'GraphError',
      found: 'a second output of that name',
    })
  })

  test('must be there', () => {
    expect(refusal(() => start().g.build())).toMatchObject({
      name: 'GraphError',
      subject: "graph 'net'",
      found: 'none',
    })
  })
})

describe('a graph', () => {
  test('is plain JSON: what comes back from it is the same, and works the same', () => {
    const graph = everyOp()
    const back: Graph = JSON.parse(JSON.stringify(graph))
    expect(back).toStrictEqual(graph)
    verify(back)
    expect(print(back)).toBe(print(graph))
    const inputs = { image: [2, 17, 23, 3] }
    expect([...inferShapes(back, inputs)]).toEqual([...inferShapes(graph, inputs)])
  })

  test('does not change when its builder goes on', () => {
    const { g, image } = start()
    g.output('out', image)
    const graph = g.build()
    g.output(
      'more',
      g.scope('later', 'block', () => g.relu(image)),
    )
    expect(graph).toMatchObject({ nodes: [{ name: 'image' }], outputs: { out: 'image' }, scopes: [] })
    expect(g.build().nodes.map((node: Node) => node.name)).toEqual(['image', 'later.relu'])
  })
})
