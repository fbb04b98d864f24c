import { describe, expect, test } from 'vitest'
import type { FusedForms } from '../backend.js'
import { GraphBuilder, type Value } from '../builder.js'
import { inferShapes } from '../shapes.js'
import { graphOf, linesOf, paramsOf } from '../testing/networks.js'
import { lower, optimise } from './index.js'

const conv = (g: GraphBuilder, x: Value) => g.conv2d(x, { name: 'conv', channels: 4, kernel: 1, bias: true })

/** The epilogues there are, made by the passes themselves. */
const epilogues = {
  none: (g: GraphBuilder, x: Value) => conv(g, x),
  residual: (g: GraphBuilder, x: Value) => g.add(conv(g, x), x),
  relu: (g: GraphBuilder, x: Value) => g.relu(conv(g, x)),
  silu: (g: GraphBuilder, x: Value) => g.activation(conv(g, x), 'silu'),
  'residual → relu': (g: GraphBuilder, x: Value) => g.relu(g.add(conv(g, x), x)),
  'residual → silu': (g: GraphBuilder, x: Value) => g.activation(g.add(conv(g, x), x), 'silu'),
}

const forms = {
  nothing: { residual: false, activations: [] },
  residuals: { residual: true, activations: [] },
  'relu alone': { residual: false, activations: ['relu'] },
  'residuals and relu': { residual: true, activations: ['relu'] },
  everything: { residual: true, activations: ['relu', 'silu'] },
} as const satisfies Record<string, FusedForms>

// The lines of each epilogue's parts, fused into the convolution or apart from it.
const bare = 'conv = conv2d(image) 4 → 4 1×1 + bias'
const withResidual = 'conv = conv2d(image, image) 4 → 4 1×1 + bias + residual'
const add = 'conv.add = add(conv, image)'

type Case = readonly [keyof typeof epilogues, keyof typeof forms, readonly string[]]

const cases: readonly Case[] = [
  ['none', 'nothing', [bare]],
  ['none', 'residuals', [bare]],
  ['none', 'relu alone', [bare]],
  ['none', 'residuals and relu', [bare]],
  ['none', 'everything', [bare]],

  ['residual', 'nothing', [bare, add]],
  ['residual', 'residuals', [withResidual]],
  ['residual', 'relu alone', [bare, add]],
  ['residual', 'residuals and relu', [withResidual]],
  ['residual', 'everything', [withResidual]],

  ['relu', 'nothing', [bare, 'conv.relu = activation(conv) relu']],
  ['relu', 'residuals', [bare, 'conv.relu = activation(conv) relu']],
  ['relu', 'relu alone', [`${bare} → relu`]],
  ['relu', 'residuals and relu', [`${bare} → relu`]],
  ['relu', 'everything', [`${bare} → relu`]],

  ['silu', 'nothing', [bare, 'conv.silu = activation(conv) silu']],
  ['silu', 'residuals', [bare, 'conv.silu = activation(conv) silu']],
  ['silu', 'relu alone', [bare, 'conv.silu = activation(conv) silu']],
  ['silu', 'residuals and relu', [bare, 'conv.silu = activation(conv) silu']],
  ['silu', 'everything', [`${bare} → silu`]],

  // The activation comes after the residual, so it is never left behind when the residual is split off.
  ['residual → relu', 'nothing', [bare, add, 'conv.relu = activation(conv.add) relu']],
  ['residual → relu', 'residuals', [withResidual, 'conv.relu = activation(conv) relu']],
  ['residual → relu', 'relu alone', [bare, add, 'conv.relu = activation(conv.add) relu']],
  ['residual → relu', 'residuals and relu', [`${withResidual} → relu`]],
  ['residual → relu', 'everything', [`${withResidual} → relu`]],

  ['residual → silu', 'nothing', [bare, add, 'conv.silu = activation(conv.add) silu']],
  ['residual → silu', 'residuals', [withResidual, 'conv.silu = activation(conv) silu']],
  ['residual → silu', 'relu alone', [bare, add, 'conv.silu = activation(conv.add) silu']],
  ['residual → silu', 'residuals and relu', [withResidual, 'conv.silu = activation(conv) silu']],
  ['residual → silu', 'everything', [`${withResidual} → silu`]],
]

describe('lower', () => {
  test('has a case below for every epilogue and every backend', () => {
    expect(new Set(cases.map(([epilogue, form]) => `${epilogue}, ${form}`)).size).toBe(
      Object.keys(epilogues).length * Object.keys(forms).length,
    )
  })

  test.each(cases)('of a convolution with %s, for a backend that takes %s', (epilogue, form, expected) => {
    const graph = graphOf(4, epilogues[epilogue])
    const optimised = optimise({ graph, params: paramsOf(graph) })
    const lowered = lower(optimised, forms[form])
    const lines = linesOf(lowered.graph).slice(1)
    expect(lines.slice(0, -1)).toEqual(expected)
    // The output is the value of the last part.
    expect(lines.at(-1)).toBe(`out: ${expected.at(-1)!.split(' = ')[0]}`)
    expect(lowered.params).toEqual(optimised.params)
    const inputs = { image: [2, 3, 5, 4] }
    const output = ({ graph: { outputs, ...rest } }: typeof lowered) =>
      inferShapes({ outputs, ...rest }, inputs).get(outputs.out!)
    expect(output(lowered)).toEqual(output(optimised))
  })

  test('leads the users of a convolution, outputs and scopes to the last of its parts', () => {
    const g = new GraphBuilder('net')
    const image = g.input('image', { channels: 4 })
    const y = g.scope('block', 'block', () => g.relu(conv(g, image)))
    g.output('features', y)
    g.output('out', g.add(g.maxPool(y, { name: 'pool', kernel: 1 }), y))
    const graph = g.build()
    const lowered = lower(optimise({ graph, params: paramsOf(graph) }), forms.nothing)
    expect(linesOf(lowered.graph)).toEqual([
      'image = input [n, h, w, 4]',
      'block.conv = conv2d(image) 4 → 4 1×1 + bias',
      'block.conv.relu = activation(block.conv) relu',
      'pool = maxPool(block.conv.relu) 1×1',
      'add = add(pool, block.conv.relu)',
      'features: block.conv.relu',
      'out: add',
    ])
    expect(lowered.graph.scopes).toEqual([{ name: 'block', kind: 'block', output: 'block.conv.relu' }])
  })

  test('finds other names for its parts where theirs are taken', () => {
    const graph = graphOf(4, (g, x) => {
      const y = g.relu(g.add(conv(g, x), x))
      const z = g.maxPool(y, { name: 'conv.add', kernel: 1 })
      return g.concat([y, g.softmax(z, { name: 'conv.relu' })])
    })
    const lowered = lower(optimise({ graph, params: paramsOf(graph) }), forms.nothing)
    expect(linesOf(lowered.graph)).toEqual([
      'image = input [n, h, w, 4]',
      'conv = conv2d(image) 4 → 4 1×1 + bias',
      'conv.add2 = add(conv, image)',
      'conv.relu2 = activation(conv.add2) relu',
      'conv.add = maxPool(conv.relu2) 1×1',
      'conv.relu = softmax(conv.add)',
      'concat = concat(conv.relu2, conv.relu)',
      'out: concat',
    ])
  })

  test('leaves nothing to be done for an optimised graph, and takes a graph that is not', () => {
    const graph = graphOf(4, (g, x) => g.relu(g.batchNorm(conv(g, x), { name: 'bn' })))
    expect(linesOf(lower({ graph, params: paramsOf(graph) }, forms.everything).graph).slice(1)).toEqual([
      bare,
      'bn = batchNorm(conv) 4',
      'relu = activation(bn) relu',
      'out: relu',
    ])
  })
})
