import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FusedForms } from '../backend.js'
import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'
import { activationKinds } from '../ops/activation.js'
import { print } from '../print.js'
import { inferShapes } from '../shapes.js'
import { evaluatePixel } from '../testing/evaluate.js'
import { paramsOf, random } from '../testing/networks.js'
import { verify } from '../verify.js'
import { lower, optimise } from './index.js'

/** A value in a random graph, and how many times it has been halved: values can meet at the same level only. */
interface Made {
  readonly value: Value
  readonly level: number
}

/** What a step may write; convolutions and what passes fuse with them come more often than the rest. */
const parts = [
  ...(['conv', 'conv', 'conv', 'norm', 'norm', 'activation', 'activation', 'add', 'add', 'add'] as const),
  ...(['multiply', 'gate', 'concat', 'maxPool', 'dropout', 'dropPath'] as const),
] as const

/** One step of writing a random graph: numbers, which the writer takes as choices among what is possible. */
interface Step {
  readonly part: (typeof parts)[number]
  readonly from: number
  readonly other: number
  readonly choice: number
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    part: fc.constantFrom(...parts),
    // Most steps go on from the value before them.
    from: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(9) }),
    other: fc.nat(9),
    choice: fc.nat(99),
  }),
  { minLength: 1, maxLength: 14 },
)

function build(all: readonly Step[], taps: readonly number[]): Graph {
  const g = new GraphBuilder('random')
  const made: Made[] = [{ value: g.input('image', { channels: 4 }), level: 0 }]
  for (const step of all) made.push(write(g, made, step))
  g.output('out', made.at(-1)!.value)
  for (const tap of new Set(taps.map((one) => one % made.length))) g.output(`tap${tap}`, made[tap]!.value)
  return g.build()
}

function write(g: GraphBuilder, made: readonly Made[], { part, from, other, choice }: Step): Made {
  const { value: x, level } = made.at(-1 - (from % made.length))!
  // What x can be added to or stand beside: at least itself.
  const partners = made.filter((each) => each.level === level && each.value.type.channels === x.type.channels)
  const partner = partners.at(-1 - (other % partners.length))!.value
  const stay = (value: Value): Made => ({ value, level })
  switch (part) {
    case 'conv': {
      const kernel = choice % 2 === 0 ? 1 : 3
      const stride = choice % 5 === 0 ? 2 : 1
      const groups = choice % 3 === 0 ? 2 : 1
      const bias = choice % 7 < 2
      const y = g.conv2d(x, { channels: 4, kernel, stride, padding: (kernel - 1) / 2, groups, bias })
      return { value: y, level: level + stride - 1 }
    }
    case 'norm':
      return stay(g.batchNorm(x))
    case 'activation':
      return stay(g.activation(x, activationKinds[choice % activationKinds.length]!))
    case 'add':
      return stay(choice % 2 === 0 ? g.add(x, partner) : g.add(partner, x))
    case 'multiply':
      return stay(g.multiply(x, g.activation(partner, 'sigmoid')))
    case 'gate':
      return stay(g.multiply(x, g.activation(g.globalPool(partner, { keepDimensions: true }), 'sigmoid')))
    case 'concat':
      return x.type.channels > 8 ? stay(x) : stay(g.concat([x, partner]))
    case 'maxPool':
      return { value: g.maxPool(x, { kernel: 3, stride: 2, padding: 1 }), level: level + 1 }
    case 'dropout':
      return stay(g.dropout(x, { rate: 0.5 }))
    case 'dropPath':
      return stay(g.dropPath(x, { rate: 0.5 }))
    default:
      throw part satisfies never
  }
}

const graphs = fc.tuple(steps, fc.array(fc.nat(20), { maxLength: 2 })).map(([all, taps]) => build(all, taps))
const forms: fc.Arbitrary<FusedForms> = fc.record({
  residual: fc.boolean(),
  activations: fc.subarray([...activationKinds]),
})

test('random graphs verify, are optimised and lowered, and keep the shapes of their outputs', () => {
  fc.assert(
    fc.property(graphs, forms, (graph, fusedForms) => {
      verify(graph)
      const image = [2, 37, 50, 4]
      const optimised = optimise({ graph, params: paramsOf(graph) })
      const lowered = lower(optimised, fusedForms)
      const expected = outputShapes(graph, image)
      expect(outputShapes(optimised.graph, image)).toEqual(expected)
      expect(outputShapes(lowered.graph, image)).toEqual(expected)
      expect(lowered.graph.nodes.filter((node) => !takes(fusedForms, node))).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('random graphs compute the same after passes, here for an image of one pixel', () => {
  let fused = 0
  fc.assert(
    fc.property(graphs, forms, (graph, fusedForms) => {
      const network = { graph, params: paramsOf(graph) }
      const next = random(print(graph))
      const pixel = Array.from({ length: 4 }, () => 4 * next() - 2)
      const expected = evaluatePixel(network, pixel)
      const optimised = optimise(network)
      if (optimised.graph.nodes.length < graph.nodes.length) fused++
      for (const changed of [optimised, lower(optimised, fusedForms), lower(network, fusedForms)]) {
        const found = evaluatePixel(changed, pixel)
        for (const [name, values] of Object.entries(expected)) {
          // Folded weights are rounded to float32, 6e-8 of each; sums and products of a dozen layers multiply that.
          const scale = Math.max(1, ...values.map(Math.abs))
          const worst = Math.max(...values.map((value, channel) => Math.abs(value - found[name]![channel]!)))
          expect(worst, `${name}: ${values} became ${found[name]}\n${print(graph)}`).toBeLessThan(1e-4 * scale)
        }
      }
    }),
    { numRuns: 300 },
  )
  expect(fused).toBeGreaterThan(100)
})

function outputShapes(graph: Graph, image: readonly number[]) {
  const shapes = inferShapes(graph, { image })
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, shapes.get(node)]))
}

function takes({ residual, activations }: FusedForms, node: Graph['nodes'][number]): boolean {
  const epilogue = node.op === 'conv2d' ? node.attributes.epilogue : undefined
  if (!epilogue) return true
  return (residual || !epilogue.residual) && (epilogue.activation === null || activations.includes(epilogue.activation))
}
