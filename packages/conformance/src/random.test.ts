import { wasm } from '@resnet-ts/backend-wasm'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import {
  activationKinds,
  type Backend,
  globalPoolKinds,
  type OpAttributes,
  type OpName,
  optimise,
} from '@resnet-ts/graph'
import { type RandomGraph, randomGraph } from '@resnet-ts/testing/randomGraph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ConformanceCase, inputsFor, paramsOf, plain, withGoldenParams } from './case.js'
import { checkCase } from './check.js'
import { checkMerged } from './merged.js'

// Graphs of any ops with any attributes, for images of any size, against the reference.

/** What chains of fourteen ops need, whose values are of the order of 1. */
const tolerance = { absolute: 1e-4, relative: 1e-4 }

function caseOf({ graph, inputShapes }: RandomGraph, index = 0): ConformanceCase {
  const network = withGoldenParams(graph)
  const inputs = inputsFor(graph, Object.values(inputShapes))
  return { name: `random graph ${index}`, ...network, inputs, expected: 'reference', tolerance }
}

/** The same case, its network folded and fused. */
function optimised(testCase: ConformanceCase): ConformanceCase {
  const { graph, params } = testCase
  return { ...testCase, ...plain(optimise({ graph, params: paramsOf(testCase) })), origin: { graph, params } }
}

const backends: readonly (readonly [name: string, backend: Backend])[] = [
  ['wasm', wasm({ worker: false })],
  ['wasm with little memory', wasm({ worker: false, memory: 'low' })],
  ['tfjs-wasm', tfjsWasm()],
]

describe.each(backends)('random graphs on %s', (_, backend) => {
  test('as they are, and folded and fused', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async (random) => {
        const testCase = caseOf(random)
        expect(await checkCase(backend, testCase)).toEqual([])
        expect(await checkCase(backend, optimised(testCase))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

test('random graphs as one network on wasm with 2 threads', async () => {
  const cases = fc.sample(randomGraph, 150).map(caseOf).map(optimised)
  expect(await checkMerged(wasm({ threads: 2 }), cases)).toEqual([])
})

describe('random graphs have', () => {
  const nodes = fc.sample(randomGraph, { numRuns: 500, seed: 1 }).flatMap(({ graph }) => {
    const { params } = withGoldenParams(graph)
    return [...graph.nodes, ...optimise({ graph, params: paramsOf({ graph, params }) }).graph.nodes]
  })
  const attributesOf = <Name extends OpName>(op: Name) =>
    nodes.filter((node) => node.op === op).map(({ attributes }) => attributes as OpAttributes[Name])

  test('every activation, alone and in epilogues', () => {
    expect(new Set(attributesOf('activation').map(({ kind }) => kind))).toEqual(new Set(activationKinds))
    const fused = attributesOf('conv2d').map(({ epilogue }) => epilogue?.activation)
    expect(new Set(fused)).toEqual(new Set([...activationKinds, null, undefined]))
  })

  test('convolutions of every kind', () => {
    const all = attributesOf('conv2d')
    const kinds: Readonly<Record<string, (one: (typeof all)[number]) => boolean>> = {
      residual: ({ epilogue }) => epilogue?.residual === true,
      standardised: ({ standardise }) => standardise !== undefined,
      'without a bias': ({ bias }) => !bias,
      depthwise: ({ groups, inChannels, outChannels }) => groups === inChannels && groups === outChannels && groups > 1,
      grouped: ({ groups, inChannels }) => groups > 1 && groups < inChannels,
      dilated: ({ dilation }) => dilation[0] !== dilation[1],
      'of different strides': ({ stride }) => stride[0] !== stride[1],
      'padded differently on all sides': ({ padding }) => new Set(padding).size === 4,
      'of an even kernel': ({ kernel }) => kernel[0] === 2,
      'on three channels, 7×7': ({ inChannels, kernel, stride }) =>
        inChannels === 3 && kernel[1] === 7 && stride[1] === 2,
      'to channels that fill no vector': ({ outChannels }) => outChannels === 5,
    }
    for (const [kind, isOne] of Object.entries(kinds)) expect(all.some(isOne), kind).toBe(true)
  })

  test('poolings of every kind', () => {
    const averages = attributesOf('avgPool').map(({ ceilMode, countIncludePad }) => `${ceilMode} ${countIncludePad}`)
    expect(new Set(averages).size).toBe(4)
    expect(new Set(attributesOf('maxPool').map(({ ceilMode }) => ceilMode)).size).toBe(2)
    const pools = attributesOf('globalPool').map(({ kind, keepDimensions }) => `${kind} ${keepDimensions}`)
    expect(new Set(pools).size).toBe(2 * globalPoolKinds.length)
    expect(new Set(attributesOf('blurPool').map(({ kernel, stride }) => `${kernel} ${stride}`)).size).toBe(4 * 3)
  })

  test('gates and products, both kinds of padding, and slices with steps', () => {
    expect(attributesOf('multiply').length).toBeGreaterThan(10)
    expect(new Set(attributesOf('pad').map(({ mode }) => mode))).toEqual(new Set(['zero', 'reflect']))
    expect(attributesOf('pad').some(({ channels }) => channels[0] !== channels[1])).toBe(true)
    const slices = attributesOf('slice')
    expect(slices.some(({ channels }) => channels.step > 1)).toBe(true)
    expect(slices.some(({ rows, columns }) => rows.start < 0 && columns.stop === -1)).toBe(true)
  })

  test('every other op', () => {
    for (const op of ['channelConv1d', 'concat', 'dropout', 'dropPath', 'groupNorm', 'linear', 'softmax'] as const) {
      expect(attributesOf(op).length, op).toBeGreaterThan(10)
    }
  })
})
