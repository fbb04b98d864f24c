import { describe, expect, test } from 'vitest'
import { onlyInput, planInputs } from './backend.js'
import { GraphBuilder } from './builder.js'
import type { Graph } from './graph.js'
import { type Tensor, tensor } from './tensor.js'
import { refusal } from './testing/errors.js'
import { graphOf } from './testing/networks.js'

const graph = graphOf(3, (g, x) => g.conv2d(x, { name: 'conv', channels: 2, kernel: 3 }))
const image = (...shape: number[]) => tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)))

describe('planInputs', () => {
  test('gives every shape', () => {
    expect([...planInputs(graph, { image: image(2, 4, 5, 3) })]).toEqual([
      ['image', [2, 4, 5, 3]],
      ['conv', [2, 2, 3, 2]],
    ])
  })

  test.each<[string, Record<string, unknown>, subject: string, found: string]>([
    ['no input', {}, "input 'image'", 'nothing'],
    [
      'an unknown input',
      { image: image(1, 3, 3, 3), mask: image(1) },
      "input 'mask'",
      'an input the graph does not have',
    ],
    ['other channels', { image: image(1, 3, 3, 4) }, "input 'image'", '[1, 3, 3, 4]'],
    ['too few elements', { image: { shape: [1, 3, 3, 3], data: new Float32Array(26) } }, "input 'image'", '26'],
    ['bytes', { image: { shape: [1, 3, 3, 3], data: new Uint8Array(27) } }, "input 'image'", 'Uint8Array'],
    ['no data', { image: { shape: [1, 3, 3, 3] } }, "input 'image'", 'Undefined'],
    ['no shape', { image: { data: new Float32Array(27) } }, "input 'image'", 'undefined'],
    ['null', { image: null }, "input 'image'", 'null'],
    ['undefined', { image: undefined }, "input 'image'", 'undefined'],
    ['a number', { image: 3 }, "input 'image'", 'undefined'],
    ['an image that is too small', { image: image(1, 2, 3, 3) }, "node 'conv' (conv2d)", '2×3'],
  ])('refuses %s', (_what, inputs, subject, found) => {
    expect(refusal(() => planInputs(graph, inputs as Record<string, Tensor>))).toMatchObject({
      name: 'ShapeError',
      subject,
      found,
    })
  })
})

describe('onlyInput', () => {
  const withInputs = (...names: readonly string[]): Graph => {
    const g = new GraphBuilder('net')
    const values = names.map((name) => g.input(name, { channels: 1 }))
    g.output('out', g.concat(values))
    return g.build()
  }

  test('names it', () => {
    expect(onlyInput(withInputs('photo'))).toBe('photo')
  })

  test('refuses a graph with several', () => {
    expect(refusal(() => onlyInput(withInputs('a', 'b')))).toMatchObject({
      name: 'OptionError',
      subject: "graph 'net'",
      expected: 'one input',
      found: '2',
    })
  })

  test('refuses a graph with none', () => {
    const graph = { ...withInputs('a'), nodes: [] }
    expect(refusal(() => onlyInput(graph))).toMatchObject({ name: 'OptionError', found: '0' })
  })
})
