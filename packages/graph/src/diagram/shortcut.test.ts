import { expect, test } from 'vitest'
import type { GraphBuilder, Value } from '../builder.js'
import { optimise } from '../passes/index.js'
import { graphOf, paramsOf } from '../testing/networks.js'
import { findShortcut, isSum } from './shortcut.js'

const conv = (g: GraphBuilder, x: Value, name: string, channels = 4) => g.conv2d(x, { name, channels, kernel: 1 })

/** What is found at the last sum of the graph that `write` writes over `image`. */
function shortcutOf(write: (g: GraphBuilder, image: Value) => Value, projections: readonly string[] = []) {
  const { nodes } = graphOf(4, write)
  const sum = nodes.findLast(isSum)!
  const found = findShortcut(
    sum,
    nodes.filter(({ op }) => op !== 'input'),
    ({ name }) => projections.includes(name),
  )
  return found && { kind: found.kind, origin: found.origin, layers: found.layers.map(({ name }) => name) }
}

test('the input itself is a solid shortcut, on either side of the sum', () => {
  const solid = { kind: 'solid', origin: 'image', layers: [] }
  expect(shortcutOf((g, x) => g.add(g.relu(conv(g, x, 'a')), x))).toEqual(solid)
  expect(shortcutOf((g, x) => g.add(x, g.relu(conv(g, x, 'a'))))).toEqual(solid)
})

test('a value from inside the block is a solid shortcut too', () => {
  const write = (g: GraphBuilder, x: Value) => {
    const preActivated = g.relu(x, { name: 'act' })
    return g.add(conv(g, conv(g, preActivated, 'a'), 'b'), preActivated)
  }
  expect(shortcutOf(write)).toEqual({ kind: 'solid', origin: 'act', layers: [] })
})

test('layers of its own make a shortcut dashed', () => {
  const write = (g: GraphBuilder, x: Value) => {
    const y = conv(g, g.relu(conv(g, x, 'a', 8)), 'b')
    return g.add(y, g.batchNorm(conv(g, x, 'short'), { name: 'norm' }))
  }
  expect(shortcutOf(write)).toEqual({ kind: 'dashed', origin: 'image', layers: ['short', 'norm'] })
})

test('a dashed shortcut may start from a value inside the block', () => {
  const write = (g: GraphBuilder, x: Value) => {
    const preActivated = g.relu(x, { name: 'act' })
    return g.add(conv(g, conv(g, preActivated, 'a'), 'b'), conv(g, preActivated, 'short'))
  }
  expect(shortcutOf(write)).toEqual({ kind: 'dashed', origin: 'act', layers: ['short'] })
})

test('of two sides, the one that is known as a shortcut is; else the shorter; of two alike the second', () => {
  const sides = (left: number, right: number) => (g: GraphBuilder, x: Value) => {
    const side = (name: string, length: number) =>
      Array.from({ length }, (_, index) => `${name}${index}`).reduce((y, each) => conv(g, y, each), x)
    return g.add(side('left', left), side('right', right))
  }
  expect(shortcutOf(sides(1, 3), ['right2'])!.layers).toEqual(['right0', 'right1', 'right2'])
  expect(shortcutOf(sides(1, 3))!.layers).toEqual(['left0'])
  expect(shortcutOf(sides(3, 1))!.layers).toEqual(['right0'])
  expect(shortcutOf(sides(2, 2))!.layers).toEqual(['right0', 'right1'])
})

test('layers that both sides need are of neither', () => {
  const write = (g: GraphBuilder, x: Value) => {
    const common = conv(g, conv(g, x, 'a'), 'b')
    const inner = g.add(conv(g, common, 'c'), common, { name: 'inner' })
    return g.add(conv(g, g.multiply(inner, conv(g, x, 'gate')), 'd'), conv(g, common, 'short'))
  }
  expect(shortcutOf(write)).toEqual({ kind: 'dashed', origin: 'b', layers: ['short'] })
})

test('layers that have nothing in common have no shortcut, but a value from elsewhere is one', () => {
  const other = (g: GraphBuilder) => g.input('other', { channels: 4 })
  expect(shortcutOf((g, x) => g.add(conv(g, x, 'a'), conv(g, other(g), 'b')))).toBeUndefined()
  expect(shortcutOf((g, x) => g.add(x, other(g)))).toBeUndefined()
  const solid = { kind: 'solid', origin: 'other', layers: [] }
  expect(shortcutOf((g, x) => g.add(conv(g, x, 'a'), other(g)))).toEqual(solid)
})

test('a value that is added to itself is a solid shortcut', () => {
  expect(shortcutOf((g, x) => g.add(x, x))).toEqual({ kind: 'solid', origin: 'image', layers: [] })
})

test('a sum is found in the convolution that passes have fused it into', () => {
  const write = (dashed: boolean) => (g: GraphBuilder, x: Value) => {
    const y = conv(g, g.relu(conv(g, x, 'a')), 'b')
    return g.relu(g.add(y, dashed ? conv(g, x, 'short') : x))
  }
  const fused = (dashed: boolean) => {
    const graph = graphOf(4, write(dashed))
    const { nodes } = optimise({ graph, params: paramsOf(graph) }).graph
    expect(nodes.some(({ op }) => op === 'add')).toBe(false)
    const sum = nodes.find(isSum)!
    const found = findShortcut(sum, nodes, () => false)!
    return { kind: found.kind, origin: found.origin, layers: found.layers.map(({ name }) => name) }
  }
  expect(fused(false)).toEqual({ kind: 'solid', origin: 'image', layers: [] })
  expect(fused(true)).toEqual({ kind: 'dashed', origin: 'image', layers: ['short'] })
})
