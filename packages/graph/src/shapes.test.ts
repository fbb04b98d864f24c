import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from './builder.js'
import type { Graph } from './graph.js'
import { inferShapes } from './shapes.js'
import type { Shape } from './tensor.js'
import { refusal } from './testing/errors.js'
import { everyOp, graphOf } from './testing/networks.js'

/** An image and a vector in, both out. */
function twoInputs(): Graph {
  const g = new GraphBuilder('two')
  const image = g.input('image', { channels: 3 })
  const vector = g.input('vector', { channels: 3, rank: 2 })
  g.output('out', g.add(g.globalPool(image), vector))
  return g.build()
}

describe('inferShapes', () => {
  test('gives the shape of every value', () => {
    expect([...inferShapes(twoInputs(), { image: [2, 5, 4, 3], vector: [2, 3] })]).toEqual([
      ['image', [2, 5, 4, 3]],
      ['vector', [2, 3]],
      ['globalPool', [2, 3]],
      ['add', [2, 3]],
    ])
  })

  test('works for every batch and size alike: the batch goes through, channels are those of the types', () => {
    const graph = everyOp()
    const side = fc.integer({ min: 8, max: 300 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), side, side, (batch, height, width) => {
        const shapes = inferShapes(graph, { image: [batch, height, width, 3] })
        for (const { name, type } of graph.nodes) {
          const shape = shapes.get(name)!
          expect([shape[0], shape.length, shape.at(-1)]).toEqual([batch, type.rank, type.channels])
          expect(shape.every((size) => Number.isInteger(size) && size > 0)).toBe(true)
        }
        // A convolution of stride 2 over a map padded by what its kernel takes, then a subsampling by 2.
        const [, rows, columns] = shapes.get(graph.outputs.features!)!
        expect([rows, columns]).toEqual([Math.ceil(height / 4), Math.ceil(width / 4)])
      }),
    )
  })

  test('gives one image what it gives each image of a batch', () => {
    const graph = everyOp()
    const one = inferShapes(graph, { image: [1, 40, 30, 3] })
    for (const [name, [batch, ...rest]] of inferShapes(graph, { image: [7, 40, 30, 3] })) {
      expect([batch, ...rest]).toEqual([7, ...one.get(name)!.slice(1)])
    }
  })
})

describe('inferShapes refuses', () => {
  const image: Shape = [1, 4, 4, 3]
  const vector: Shape = [1, 3]

  test.each<[string, Record<string, unknown>, subject: string, expected: string, found: string]>([
    ['a missing input', { image }, "input 'vector'", 'the shape [n, 3]', 'nothing'],
    [
      'an unknown input',
      { image, vector, picture: image },
      "input 'picture'",
      "one of 'image', 'vector'",
      'an input the graph does not have',
    ],
    ['other channels', { image: [1, 4, 4, 1], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[1, 4, 4, 1]'],
    ['another rank', { image: [4, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[4, 4, 3]'],
    ['an image for a vector', { image, vector: image }, "input 'vector'", 'the shape [n, 3]', '[1, 4, 4, 3]'],
    ['no image at all', { image: [0, 4, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[0, 4, 4, 3]'],
    ['a negative size', { image: [1, -4, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[1, -4, 4, 3]'],
    ['half a pixel', { image: [1, 4.5, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[1, 4.5, 4, 3]'],
    ['NaN', { image: [Number.NaN, 4, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', '[NaN, 4, 4, 3]'],
    ['numbers as text', { image: ['1', 4, 4, 3], vector }, "input 'image'", 'the shape [n, h, w, 3]', "['1', 4, 4, 3]"],
    ['null', { image: null, vector }, "input 'image'", 'the shape [n, h, w, 3]', 'null'],
    ['no list', { image: '1443', vector }, "input 'image'", 'the shape [n, h, w, 3]', "'1443'"],
  ])('%s', (_what, inputs, subject, expected, found) => {
    expect(refusal(() => inferShapes(twoInputs(), inputs as Record<string, Shape>))).toMatchObject({
      name: 'ShapeError',
      subject,
      expected,
      found,
    })
  })

  test('images that a node in the middle cannot take, by its name', () => {
    const graph = graphOf(3, (g, x) =>
      g.scope('stem', 'stem', () => g.conv2d(x, { name: 'conv', channels: 4, kernel: 7 })),
    )
    expect(refusal(() => inferShapes(graph, { image: [1, 7, 6, 3] }))).toMatchObject({
      name: 'ShapeError',
      subject: "node 'stem.conv' (conv2d)",
      expected: 'a map at least 7 pixels wide',
      found: '7×6',
    })
  })

  test('different batches that meet', () => {
    expect(refusal(() => inferShapes(twoInputs(), { image, vector: [2, 3] }))).toMatchObject({
      name: 'ShapeError',
      subject: "node 'add' (add)",
      found: '[1, 3] and [2, 3]',
    })
  })

  test('a graph that nobody verified', () => {
    const graph = structuredClone(twoInputs())
    const nodes = graph.nodes.toReversed()
    expect(refusal(() => inferShapes({ ...graph, nodes }, { image, vector }))).toMatchObject({
      name: 'ShapeError',
      subject: "node 'add' (add)",
      expected: 'its inputs before it',
    })
  })
})
