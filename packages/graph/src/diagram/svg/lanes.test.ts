import { expect, test } from 'vitest'
import type { GraphBuilder, Value } from '../../builder.js'
import { graphOf } from '../../testing/networks.js'
import { toDrawing } from '../toDrawing.js'
import { lanes } from './lanes.js'

/** The ways of a block, each as its kind and the number of its straight parts, in the order of the graph. */
function waysOf(write: (g: GraphBuilder, x: Value) => Value): readonly string[] {
  const graph = graphOf(4, (g, image) => g.scope('block', 'block', () => write(g, image)))
  const scene = lanes(toDrawing(graph, { image: [1, 8, 8, 4] }, { scope: 'block' }), { x: 0, y: 0 })
  return scene.routes.map(({ kind, points }) => `${kind} ${points.length - 1}`)
}

const conv = (g: GraphBuilder, x: Value, name: string) => g.conv2d(x, { name, channels: 4, kernel: 1 })

test('the ways between neighbours of a lane are straight, also in the lane of a shortcut', () => {
  const ways = waysOf((g, x) => {
    const y = conv(g, conv(g, x, 'a'), 'b')
    return g.add(y, conv(g, g.avgPool(x, { kernel: 1 }), 'short'))
  })
  // Into the lane beside, along it, and back from it to the sum.
  expect(ways.filter((way) => way.startsWith('dashed'))).toEqual(['dashed 2', 'dashed 1', 'dashed 2'])
  expect(ways.filter((way) => way.startsWith('flow'))).toEqual(['flow 1', 'flow 1', 'flow 1', 'flow 1'])
})

test('a shortcut without layers goes around the boxes of its lane', () => {
  const ways = waysOf((g, x) => g.add(conv(g, x, 'a'), x))
  expect(ways).toEqual(['flow 1', 'flow 1', 'solid 3', 'flow 1'])
})

test('a value that is added to itself arrives twice', () => {
  const ways = waysOf((g, x) => {
    const y = conv(g, x, 'a')
    return g.add(y, y)
  })
  expect(ways.toSorted()).toEqual(['flow 1', 'flow 1', 'flow 1', 'solid 3'].toSorted())
})
