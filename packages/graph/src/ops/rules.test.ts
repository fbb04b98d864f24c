import { describe, expect, test } from 'vitest'
import type { GraphBuilder, Value } from '../builder.js'
import { cost } from '../cost.js'
import type { Graph } from '../graph.js'
import { parameters } from '../params.js'
import { print } from '../print.js'
import { inferShapes } from '../shapes.js'
import type { Shape } from '../tensor.js'
import { graphOf } from '../testing/networks.js'

/** What the op of the output does with a batch of two images of 6×9 pixels and 8 channels. */
interface Expectation {
  readonly write: (g: GraphBuilder, x: Value) => Value
  readonly shape: Shape
  /** `suffix [shape] initial`, with an asterisk if it is not trainable. */
  readonly parameters?: readonly string[]
  readonly macs?: number
  readonly words?: string
}

const pooled = (g: GraphBuilder, x: Value) => g.globalPool(x, { name: 'pooled', keepDimensions: true })
const flat = (g: GraphBuilder, x: Value) => g.globalPool(x, { name: 'flat' })

const expectations: Record<string, Expectation> = {
  'conv2d, 3×3': {
    write: (g, x) => g.conv2d(x, { channels: 5, kernel: 3 }),
    shape: [2, 4, 7, 5],
    parameters: ['weight [5, 8, 3, 3] kaimingNormalFanOut'],
    macs: 2 * 4 * 7 * 5 * 8 * 9,
    words: '8 → 5 3×3',
  },
  'conv2d, everything': {
    write: (g, x) =>
      g.conv2d(x, {
        channels: 6,
        kernel: [3, 1],
        stride: [1, 2],
        padding: [2, 1, 0, 0],
        dilation: [2, 1],
        groups: 2,
        bias: true,
      }),
    shape: [2, 4, 5, 6],
    parameters: ['weight [6, 4, 3, 1] kaimingNormalFanOut', 'bias [6] fanInUniform'],
    macs: 2 * 4 * 5 * 6 * 4 * 3,
    words: '8 → 6 3×1 stride 1×2 pad 2 1 0 0 dilation 2×1 groups 2 + bias',
  },
  'conv2d, depthwise': {
    write: (g, x) => g.conv2d(x, { channels: 8, kernel: 3, padding: 1, groups: 8 }),
    shape: [2, 6, 9, 8],
    parameters: ['weight [8, 1, 3, 3] kaimingNormalFanOut'],
    macs: 2 * 6 * 9 * 8 * 9,
    words: '8 → 8 3×3 pad 1 groups 8',
  },
  'conv2d from zero': {
    write: (g, x) => g.conv2d(x, { channels: 4, kernel: 1, bias: true, zeroInit: true }),
    shape: [2, 6, 9, 4],
    parameters: ['weight [4, 8, 1, 1] zeros', 'bias [4] fanInUniform'],
    macs: 2 * 6 * 9 * 4 * 8,
    words: '8 → 4 1×1 + bias',
  },
  'conv2d, standardised': {
    write: (g, x) => g.conv2d(x, { channels: 4, kernel: 1, groups: 2, bias: true, standardise: 1e-8 }),
    shape: [2, 6, 9, 4],
    parameters: ['weight [4, 4, 1, 1] kaimingNormalFanOut', 'bias [4] fanInUniform'],
    macs: 2 * 6 * 9 * 4 * 4,
    words: '8 → 4 1×1 groups 2 standardised + bias',
  },
  batchNorm: {
    write: (g, x) => g.batchNorm(x),
    shape: [2, 6, 9, 8],
    parameters: ['weight [8] ones', 'bias [8] zeros', 'running_mean [8] zeros*', 'running_var [8] ones*'],
    words: '8',
  },
  'batchNorm from zero': {
    write: (g, x) => g.batchNorm(x, { zeroInit: true, epsilon: 0.001 }),
    shape: [2, 6, 9, 8],
    parameters: ['weight [8] zeros', 'bias [8] zeros', 'running_mean [8] zeros*', 'running_var [8] ones*'],
    words: '8 epsilon 0.001',
  },
  groupNorm: {
    write: (g, x) => g.groupNorm(x, { groups: 4 }),
    shape: [2, 6, 9, 8],
    parameters: ['weight [8] ones', 'bias [8] zeros'],
    words: '8 groups 4',
  },
  'groupNorm from zero': {
    write: (g, x) => g.groupNorm(x, { groups: 1, zeroInit: true, epsilon: 1e-6 }),
    shape: [2, 6, 9, 8],
    parameters: ['weight [8] zeros', 'bias [8] zeros'],
    words: '8 groups 1 epsilon 0.000001',
  },
  activation: { write: (g, x) => g.activation(x, 'silu'), shape: [2, 6, 9, 8], words: 'silu' },
  'activation of a vector': { write: (g, x) => g.relu(flat(g, x)), shape: [2, 8], words: 'relu' },
  add: { write: (g, x) => g.add(x, x), shape: [2, 6, 9, 8] },
  'add of vectors': { write: (g, x) => g.add(flat(g, x), g.globalPool(x, { kind: 'max' })), shape: [2, 8] },
  multiply: { write: (g, x) => g.multiply(x, x), shape: [2, 6, 9, 8] },
  'multiply by a gate': { write: (g, x) => g.multiply(x, pooled(g, x)), shape: [2, 6, 9, 8] },
  'multiply of vectors': { write: (g, x) => g.multiply(flat(g, x), flat2(g, x)), shape: [2, 8] },
  maxPool: {
    write: (g, x) => g.maxPool(x, { kernel: 3, stride: 2, padding: 1 }),
    shape: [2, 3, 5, 8],
    words: '3×3 stride 2 pad 1',
  },
  'maxPool, ceil mode': {
    write: (g, x) => g.maxPool(x, { kernel: 2, ceilMode: true }),
    shape: [2, 3, 5, 8],
    words: '2×2 stride 2 ceil',
  },
  avgPool: { write: (g, x) => g.avgPool(x, { kernel: 2 }), shape: [2, 3, 4, 8], words: '2×2 stride 2' },
  'avgPool, everything': {
    write: (g, x) =>
      g.avgPool(x, { kernel: [2, 3], stride: 1, padding: [1, 0, 0, 1], ceilMode: true, countIncludePad: false }),
    shape: [2, 6, 8, 8],
    words: '2×3 pad 1 0 0 1 ceil excluding padding',
  },
  blurPool: { write: (g, x) => g.blurPool(x, { kernel: 3, stride: 2 }), shape: [2, 3, 5, 8], words: '3×3 stride 2' },
  'blurPool, even kernel, stride 1': {
    write: (g, x) => g.blurPool(x, { kernel: 4, stride: 1 }),
    shape: [2, 5, 8, 8],
    words: '4×4',
  },
  'globalPool, avg': { write: (g, x) => g.globalPool(x), shape: [2, 8], words: 'avg' },
  'globalPool, max': { write: (g, x) => g.globalPool(x, { kind: 'max' }), shape: [2, 8], words: 'max' },
  'globalPool, avgmax': { write: (g, x) => g.globalPool(x, { kind: 'avgmax' }), shape: [2, 8], words: 'avgmax' },
  'globalPool, catavgmax': {
    write: (g, x) => g.globalPool(x, { kind: 'catavgmax' }),
    shape: [2, 16],
    words: 'catavgmax',
  },
  'globalPool, kept': { write: pooled, shape: [2, 1, 1, 8], words: 'avg' },
  'globalPool, catavgmax, kept': {
    write: (g, x) => g.globalPool(x, { kind: 'catavgmax', keepDimensions: true }),
    shape: [2, 1, 1, 16],
    words: 'catavgmax',
  },
  linear: {
    write: (g, x) => g.linear(flat(g, x), { channels: 5 }),
    shape: [2, 5],
    parameters: ['weight [5, 8] kaimingUniform', 'bias [5] fanInUniform'],
    macs: 2 * 5 * 8,
    words: '8 → 5 + bias',
  },
  'linear without bias': {
    write: (g, x) => g.linear(flat(g, x), { channels: 5, bias: false }),
    shape: [2, 5],
    parameters: ['weight [5, 8] kaimingUniform'],
    macs: 2 * 5 * 8,
    words: '8 → 5',
  },
  channelConv1d: {
    write: (g, x) => g.channelConv1d(pooled(g, x), { kernel: 5 }),
    shape: [2, 1, 1, 8],
    parameters: ['weight [1, 1, 5] kaimingUniform'],
    macs: 2 * 8 * 5,
    words: 'kernel 5',
  },
  'channelConv1d of a vector': {
    write: (g, x) => g.channelConv1d(flat(g, x), { kernel: 3 }),
    shape: [2, 8],
    parameters: ['weight [1, 1, 3] kaimingUniform'],
    macs: 2 * 8 * 3,
    words: 'kernel 3',
  },
  'pad with nothing': { write: (g, x) => g.pad(x, {}), shape: [2, 6, 9, 8], words: 'zero' },
  'pad with zeros': {
    write: (g, x) => g.pad(x, { padding: [1, 2, 3, 4], channels: [5, 6] }),
    shape: [2, 10, 15, 19],
    words: 'zero 1 2 3 4 channels 5 6',
  },
  'pad by reflection': {
    write: (g, x) => g.pad(x, { padding: [5, 8, 5, 8], mode: 'reflect' }),
    shape: [2, 16, 25, 8],
    words: 'reflect 5 8 5 8',
  },
  'slice of everything': { write: (g, x) => g.slice(x, {}), shape: [2, 6, 9, 8], words: '[:, :, :, :]' },
  slice: {
    write: (g, x) =>
      g.slice(x, { rows: { step: 2 }, columns: { start: -4, stop: -1 }, channels: { start: 1, stop: 6, step: 3 } }),
    shape: [2, 3, 3, 2],
    words: '[:, ::2, -4:-1, 1:6:3]',
  },
  concat: {
    write: (g, x) => g.concat([x, g.slice(x, { name: 'part', channels: { stop: 3 } }), x]),
    shape: [2, 6, 9, 19],
  },
  'concat of one': { write: (g, x) => g.concat([x]), shape: [2, 6, 9, 8] },
  'concat of vectors': { write: (g, x) => g.concat([flat(g, x), flat2(g, x)]), shape: [2, 16] },
  dropout: { write: (g, x) => g.dropout(x, { rate: 0.25 }), shape: [2, 6, 9, 8], words: 'rate 0.25' },
  'dropout of a vector': { write: (g, x) => g.dropout(flat(g, x), { rate: 0 }), shape: [2, 8], words: 'rate 0' },
  dropPath: { write: (g, x) => g.dropPath(x, { rate: 0.1 }), shape: [2, 6, 9, 8], words: 'rate 0.1' },
  softmax: { write: (g, x) => g.softmax(flat(g, x)), shape: [2, 8] },
  'softmax of a map': { write: (g, x) => g.softmax(x), shape: [2, 6, 9, 8] },
}

function flat2(g: GraphBuilder, x: Value): Value {
  return g.globalPool(x, { name: 'flat2' })
}

/** The parameters, multiply-accumulates and words of the node that computes the output. */
function factsOf(graph: Graph) {
  const name = graph.outputs.out!
  const shapes = inferShapes(graph, { image: [2, 6, 9, 8] })
  const node = graph.nodes.find((each) => each.name === name)!
  const line = print(graph).match(new RegExp(`^ {2}${name} = ${node.op}\\([^)]*\\) ?(.*) : \\[n.*\\]$`, 'm'))
  return {
    shape: shapes.get(name),
    channels: node.type.channels,
    rank: node.type.rank,
    parameters: parameters(graph)
      .filter((spec) => spec.node === name)
      .map(
        (spec) =>
          `${spec.key.slice(name.length + 1)} [${spec.shape.join(', ')}] ${spec.initial}${spec.trainable ? '' : '*'}`,
      ),
    macs: cost(graph, shapes).nodes.get(name)!.macs,
    words: line?.[1],
  }
}

describe('the rules of each op', () => {
  test.each(Object.entries(expectations))('%s', (_name, { write, shape, parameters = [], macs = 0, words = '' }) => {
    expect(factsOf(graphOf(8, write))).toEqual({
      shape,
      channels: shape.at(-1),
      rank: shape.length,
      parameters,
      macs,
      words,
    })
  })

  test('an input of vectors', () => {
    const graph = graphOf(1, (g) => g.input('vector', { channels: 7, rank: 2 }))
    expect(print(graph)).toContain('  vector = input [n, 7]\n')
    expect(inferShapes(graph, { image: [1, 1, 1, 1], vector: [3, 7] }).get('vector')).toEqual([3, 7])
  })
})
