import { describe, expect, test } from 'vitest'
import { GraphBuilder } from './builder.js'
import { cost } from './cost.js'
import { selectOutputs } from './graph.js'
import { inferShapes } from './shapes.js'
import { type SummaryNode, summarise } from './summary.js'
import { refusal } from './testing/errors.js'
import { deepFreeze, everyOp } from './testing/networks.js'

function network() {
  const g = new GraphBuilder('net')
  const image = g.input('image', { channels: 3 })
  const stem = g.conv2d(image, { name: 'conv1', channels: 4, kernel: 1 })
  const stage = g.scope('layer1', 'stage', () => {
    const first = g.scope('0', 'block', () => {
      const shortcut = g.scope('downsample', 'downsample', () => g.conv2d(stem, { name: '0', channels: 4, kernel: 1 }))
      return g.add(g.conv2d(stem, { name: 'conv', channels: 4, kernel: 1, bias: true }), shortcut, { name: 'add' })
    })
    return g.scope('1', 'block', () => g.relu(first, { name: 'act' }))
  })
  g.scope('identity', 'shortcut', () => stage)
  g.output('logits', g.linear(g.globalPool(stage, { name: 'pool' }), { name: 'fc', channels: 2 }))
  g.output('features', stage)
  return deepFreeze(g.build())
}

/** A tree as lines: depth, name, kind, shape, parameters, multiply-accumulates, activations. */
function lines(node: SummaryNode, depth = 0): string[] {
  const { name, kind, shape, cost, children } = node
  const line = `${'  '.repeat(depth)}${name} (${kind}) [${shape.join(', ')}] ${cost.parameters} ${cost.macs} ${cost.convActivations}`
  return [line, ...children.flatMap((child) => lines(child, depth + 1))]
}

describe('summarise', () => {
  test('makes a tree of scopes and layers in the order they are computed in, with totals', () => {
    expect(lines(summarise(network(), { image: [1, 2, 3, 3] }))).toEqual([
      'net (network) [1, 2] 58 272 72',
      '  image (input) [1, 2, 3, 3] 0 0 0',
      '  conv1 (conv2d) [1, 2, 3, 4] 12 72 24',
      '  layer1 (stage) [1, 2, 3, 4] 36 192 48',
      '    layer1.0 (block) [1, 2, 3, 4] 36 192 48',
      '      layer1.0.downsample (downsample) [1, 2, 3, 4] 16 96 24',
      '        layer1.0.downsample.0 (conv2d) [1, 2, 3, 4] 16 96 24',
      '      layer1.0.conv (conv2d) [1, 2, 3, 4] 20 96 24',
      '      layer1.0.add (add) [1, 2, 3, 4] 0 0 0',
      '    layer1.1 (block) [1, 2, 3, 4] 0 0 0',
      '      layer1.1.act (relu) [1, 2, 3, 4] 0 0 0',
      '  pool (globalPool) [1, 4] 0 0 0',
      '  fc (linear) [1, 2] 10 8 0',
    ])
  })

  test('has every node once, and the total that cost gives', () => {
    const graph = everyOp()
    const inputs = { image: [2, 16, 24, 3] }
    const summary = summarise(graph, inputs)
    const leaves = (node: SummaryNode): string[] =>
      node.children.length === 0 ? [node.name] : node.children.flatMap(leaves)
    expect(leaves(summary).sort()).toEqual(graph.nodes.map(({ name }) => name).sort())
    expect(summary.cost).toEqual(cost(graph, inferShapes(graph, inputs)).total)
  })

  test('finds a place for layers whose scope is gone', () => {
    const summary = summarise(selectOutputs(network(), ['layer1.0.downsample']), { image: [1, 1, 1, 3] })
    expect(lines(summary)).toEqual([
      'net (network) [1, 1, 1, 4] 28 28 8',
      '  image (input) [1, 1, 1, 3] 0 0 0',
      '  conv1 (conv2d) [1, 1, 1, 4] 12 12 4',
      '  layer1.0.downsample (downsample) [1, 1, 1, 4] 16 16 4',
      '    layer1.0.downsample.0 (conv2d) [1, 1, 1, 4] 16 16 4',
    ])
  })

  test('refuses shapes that the network cannot take', () => {
    expect(refusal(() => summarise(network(), {}))).toMatchObject({ name: 'ShapeError', subject: "input 'image'" })
  })
})
