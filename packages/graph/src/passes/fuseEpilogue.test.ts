import { describe, expect, test } from 'vitest'
import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'
import { activationKinds } from '../ops/activation.js'
import { graphOf, linesOf, paramsOf } from '../testing/networks.js'
import { optimise } from './index.js'

/** The lines of an optimised graph, without that of its image. */
const fused = (graph: Graph) => linesOf(optimise({ graph, params: paramsOf(graph) }).graph).slice(1)
const conv = (g: GraphBuilder, x: Value, name = 'conv') => g.conv2d(x, { name, channels: 4, kernel: 1 })

describe('a residual', () => {
  test.each([
    ['on the right', (g: GraphBuilder, x: Value) => g.add(conv(g, x), x)],
    ['on the left', (g: GraphBuilder, x: Value) => g.add(x, conv(g, x))],
  ])('%s is fused into the convolution', (_side, write) => {
    expect(fused(graphOf(4, write))).toEqual(['conv = conv2d(image, image) 4 → 4 1×1 + residual', 'out: conv'])
  })

  test('that is computed after the convolution is fused: the convolution waits for it', () => {
    const graph = graphOf(4, (g, x) => {
      const y = conv(g, x)
      return g.add(y, g.maxPool(g.relu(x), { name: 'pool', kernel: 1 }))
    })
    expect(fused(graph)).toEqual([
      'relu = activation(image) relu',
      'pool = maxPool(relu) 1×1',
      'conv = conv2d(image, pool) 4 → 4 1×1 + residual',
      'out: conv',
    ])
  })

  test('between two convolutions goes to the first', () => {
    expect(fused(graphOf(4, (g, x) => g.add(conv(g, x, 'a'), conv(g, x, 'b'))))).toEqual([
      'b = conv2d(image) 4 → 4 1×1',
      'a = conv2d(image, b) 4 → 4 1×1 + residual',
      'out: a',
    ])
  })

  test('between two convolutions goes to the second where the first is needed elsewhere', () => {
    const graph = graphOf(4, (g, x) => {
      const a = conv(g, x, 'a')
      return g.concat([g.add(a, conv(g, x, 'b')), a])
    })
    expect(fused(graph).slice(0, 2)).toEqual([
      'a = conv2d(image) 4 → 4 1×1',
      'b = conv2d(image, a) 4 → 4 1×1 + residual',
    ])
  })

  test('of a sum of sums is fused once for each convolution', () => {
    const graph = graphOf(4, (g, x) => g.add(g.add(conv(g, x, 'a'), x), conv(g, x, 'b')))
    expect(fused(graph)).toEqual([
      'a = conv2d(image, image) 4 → 4 1×1 + residual',
      'b = conv2d(image, a) 4 → 4 1×1 + residual',
      'out: b',
    ])
  })

  test('beyond the first of a convolution stays', () => {
    const graph = graphOf(4, (g, x) => g.add(g.add(conv(g, x), x), x, { name: 'sum' }))
    expect(fused(graph)).toEqual([
      'conv = conv2d(image, image) 4 → 4 1×1 + residual',
      'sum = add(conv, image)',
      'out: sum',
    ])
  })

  test('that is the convolution itself stays: twice the same value', () => {
    const graph = graphOf(4, (g, x) => {
      const y = conv(g, x)
      return g.add(y, y)
    })
    expect(fused(graph)).toEqual(['conv = conv2d(image) 4 → 4 1×1', 'add = add(conv, conv)', 'out: add'])
  })

  test('that is the convolution itself behind a dropout stays too', () => {
    const graph = graphOf(4, (g, x) => {
      const y = conv(g, x)
      return g.add(g.dropPath(y, { rate: 0.1 }), y)
    })
    expect(fused(graph)).toEqual(['conv = conv2d(image) 4 → 4 1×1', 'add = add(conv, conv)', 'out: add'])
  })

  test('of a convolution that is an output stays', () => {
    const g = new GraphBuilder('tapped')
    const image = g.input('image', { channels: 4 })
    const y = conv(g, image)
    g.output('raw', y)
    g.output('out', g.add(y, image))
    expect(fused(g.build())).toEqual([
      'conv = conv2d(image) 4 → 4 1×1',
      'add = add(conv, image)',
      'raw: conv',
      'out: add',
    ])
  })

  test('that is an output is fused, and still is one', () => {
    const g = new GraphBuilder('tapped')
    const shortcut = g.relu(g.input('image', { channels: 4 }), { name: 'shortcut' })
    g.output('shortcut', shortcut)
    g.output('out', g.add(conv(g, shortcut), shortcut))
    expect(fused(g.build())).toEqual([
      'shortcut = activation(image) relu',
      'conv = conv2d(shortcut, shortcut) 4 → 4 1×1 + residual',
      'shortcut: shortcut',
      'out: conv',
    ])
  })
})

describe('an activation', () => {
  test.each(activationKinds)('%s is fused into the convolution', (kind) => {
    expect(fused(graphOf(3, (g, x) => g.activation(conv(g, x), kind)))).toEqual([
      `conv = conv2d(image) 3 → 4 1×1 → ${kind}`,
      'out: conv',
    ])
  })

  test('is fused after a residual', () => {
    expect(fused(graphOf(4, (g, x) => g.relu(g.add(conv(g, x), x))))).toEqual([
      'conv = conv2d(image, image) 4 → 4 1×1 + residual → relu',
      'out: conv',
    ])
  })

  test('before a residual is fused, and the residual stays', () => {
    expect(fused(graphOf(4, (g, x) => g.add(g.relu(conv(g, x)), x)))).toEqual([
      'conv = conv2d(image) 4 → 4 1×1 → relu',
      'add = add(conv, image)',
      'out: add',
    ])
  })

  test('after another stays', () => {
    expect(fused(graphOf(3, (g, x) => g.activation(g.relu(conv(g, x)), 'sigmoid', { name: 'gate' })))).toEqual([
      'conv = conv2d(image) 3 → 4 1×1 → relu',
      'gate = activation(conv) sigmoid',
      'out: gate',
    ])
  })

  test('of a value that something else takes too stays', () => {
    const graph = graphOf(3, (g, x) => {
      const y = conv(g, x)
      return g.multiply(g.relu(y), y)
    })
    expect(fused(graph)).toEqual([
      'conv = conv2d(image) 3 → 4 1×1',
      'relu = activation(conv) relu',
      'multiply = multiply(relu, conv)',
      'out: multiply',
    ])
  })

  test('of an output stays', () => {
    const g = new GraphBuilder('tapped')
    const image = g.input('image', { channels: 4 })
    const sum = g.add(conv(g, image), image)
    g.output('sum', sum)
    g.output('out', g.relu(sum))
    expect(fused(g.build())).toEqual([
      'conv = conv2d(image, image) 4 → 4 1×1 + residual',
      'relu = activation(conv) relu',
      'sum: conv',
      'out: relu',
    ])
  })

  test('with no convolution before it stays', () => {
    expect(fused(graphOf(3, (g, x) => g.relu(x)))).toEqual(['relu = activation(image) relu', 'out: relu'])
  })
})

test('a whole residual block becomes its convolutions', () => {
  const graph = graphOf(4, (g, x) => {
    const norm = (y: Value, name: string) => g.batchNorm(y, { name })
    const stem = g.relu(norm(conv(g, x, 'conv0'), 'bn0'), { name: 'act0' })
    return g.scope('block', 'block', () => {
      const y = g.relu(norm(conv(g, stem, 'conv1'), 'bn1'), { name: 'act1' })
      const z = g.dropPath(norm(conv(g, y, 'conv2'), 'bn2'), { rate: 0.1 })
      const shortcut = g.scope('downsample', 'downsample', () => norm(conv(g, stem, '0'), '1'))
      return g.relu(g.add(z, shortcut), { name: 'act2' })
    })
  })
  const optimised = optimise({ graph, params: paramsOf(graph) })
  expect(linesOf(optimised.graph)).toEqual([
    'image = input [n, h, w, 4]',
    'conv0 = conv2d(image) 4 → 4 1×1 + bias → relu',
    'block.conv1 = conv2d(conv0) 4 → 4 1×1 + bias → relu',
    'block.downsample.0 = conv2d(conv0) 4 → 4 1×1 + bias',
    'block.conv2 = conv2d(block.conv1, block.downsample.0) 4 → 4 1×1 + bias + residual → relu',
    'out: block.conv2',
  ])
  expect(optimised.graph.scopes).toEqual([
    { name: 'block', kind: 'block', output: 'block.conv2' },
    { name: 'block.downsample', kind: 'downsample', output: 'block.downsample.0' },
  ])
  expect([...optimised.params.keys()].sort()).toEqual(
    ['conv0', 'block.conv1', 'block.conv2', 'block.downsample.0']
      .flatMap((name) => [`${name}.bias`, `${name}.weight`])
      .sort(),
  )
})
