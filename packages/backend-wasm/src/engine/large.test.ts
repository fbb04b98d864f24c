import { GraphBuilder, parameter, tensor, type Value } from '@resnet-ts/graph'
import { expect, test } from 'vitest'
import type { Kernel } from '../plan/layout.js'
import { engineFor, filled } from '../testing/engine.js'
import type { PlainTensor } from './engine.js'

// So many rows, or images of one pixel, that what is computed from their number may not fit into 31 bits: blocks of rows times
// units of rows, say.

const batch = 2_000_000
const channels = 4

/** Whole numbers, each a function of its place. */
const { data } = filled([batch, channels], (index) => ((index * 7) % 31) - 15)

type Row = readonly number[]

interface Case {
  readonly name: string
  readonly rank: 2 | 4
  readonly write: (g: GraphBuilder, x: Value) => Value
  readonly expected: (row: Row) => Row
  /** The kernel that is to compute it. */
  readonly kernel: Kernel
}

const filter = [0.5, -1, 2, 0.25]
const dot = (row: Row) => row.reduce((sum, value, index) => sum + value * filter[index], 0)

/** A kernel of 3×3 to eight channels. */
function middles(inChannels: number): Float32Array {
  const value = (index: number) => (index % 9 === 4 ? filter[Math.floor(index / 9) % channels] : 1)
  return filled([8, inChannels, 9], value).data
}

/** Parameters of the nodes below. Of a 3×3 kernel on one pixel, the middle alone counts. */
const params = new Map([
  ['fc.weight', parameter([1, channels], Float32Array.from(filter))],
  ['eca.weight', parameter([1, 1, 3], Float32Array.of(1, 10, 100))],
  ['conv.weight', parameter([8, channels, 3, 3], middles(channels))],
  ['double.weight', parameter([8, 2 * channels, 3, 3], middles(2 * channels))],
  ['norm.weight', parameter([channels], Float32Array.of(1, 2, 3, 4))],
  ['norm.bias', parameter([channels], Float32Array.of(4, 3, 2, 1))],
])

const cases: readonly Case[] = [
  {
    name: 'a linear layer of one output',
    rank: 2,
    write: (g, x) => g.linear(x, { name: 'fc', channels: 1, bias: false }),
    expected: (row) => [dot(row)],
    kernel: 'convolution',
  },
  {
    name: 'a convolution',
    rank: 4,
    write: (g, x) => g.conv2d(x, { name: 'conv', channels: 8, kernel: 3, padding: 1 }),
    expected: (row) => new Array(8).fill(dot(row)),
    kernel: 'convolution',
  },
  {
    name: 'a convolution by Winograd',
    rank: 4,
    write: (g, x) => g.conv2d(g.concat([x, x]), { name: 'double', channels: 8, kernel: 3, padding: 1 }),
    expected: (row) => new Array(8).fill(2 * dot(row)),
    kernel: 'winograd',
  },
  {
    name: 'an activation and a sum',
    rank: 2,
    write: (g, x) => g.add(g.relu(x), x),
    expected: (row) => row.map((value) => value + Math.max(value, 0)),
    kernel: 'pointwise',
  },
  {
    name: 'a softmax',
    rank: 2,
    write: (g, x) => g.softmax(x),
    expected(row) {
      const sum = row.reduce((total, value) => total + Math.exp(value), 0)
      return row.map((value) => Math.exp(value) / sum)
    },
    kernel: 'softmax',
  },
  {
    name: 'a convolution along channels',
    rank: 2,
    write: (g, x) => g.channelConv1d(x, { name: 'eca', kernel: 3 }),
    expected: (row) => row.map((value, at) => (row[at - 1] ?? 0) + 10 * value + 100 * (row[at + 1] ?? 0)),
    kernel: 'channelConv1d',
  },
  {
    name: 'a group norm',
    rank: 4,
    write: (g, x) => g.groupNorm(x, { name: 'norm', groups: 1, epsilon: 1 }),
    expected(row) {
      const mean = row.reduce((sum, value) => sum + value, 0) / 4
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4
      return row.map((value, at) => ((value - mean) / Math.sqrt(variance + 1)) * (at + 1) + 4 - at)
    },
    kernel: 'groupNorm',
  },
  {
    name: 'a global pool',
    rank: 4,
    write: (g, x) => g.globalPool(x, { kind: 'catavgmax' }),
    expected: (row) => [...row, ...row],
    kernel: 'globalPool',
  },
  {
    name: 'a pool',
    rank: 4,
    write: (g, x) => g.maxPool(x, { kernel: 3, stride: 2, padding: 1 }),
    expected: (row) => row,
    kernel: 'pool',
  },
  {
    name: 'padding and a slice',
    rank: 4,
    write: (g, x) => g.slice(g.pad(x, { padding: [1, 0, 0, 0], channels: [1, 0] }), { rows: { start: 1 } }),
    expected: (row) => [0, ...row],
    kernel: 'copy',
  },
  {
    name: 'a concatenation',
    rank: 2,
    write: (g, x) => g.concat([x, x]),
    expected: (row) => [...row, ...row],
    kernel: 'copy',
  },
]

/** Fails at the first row that is not what it should be, of those at both ends and of many in between. */
function expectRows(y: PlainTensor, expected: (row: Row) => Row): void {
  const width = y.data.length / batch
  for (let row = 0; row < batch; row += row < 2000 || row > batch - 2000 ? 1 : 97) {
    const wanted = expected([...data.subarray(channels * row, channels * (row + 1))])
    const found = [...y.data.subarray(width * row, width * (row + 1))]
    const isRight = wanted.length === width && wanted.every((value, at) => Math.abs(value - found[at]) < 1e-3)
    if (!isRight) expect(found, `row ${row}`).toEqual(wanted)
  }
}

test.each(cases)('two million rows through $name', async ({ rank, write, expected, kernel }) => {
  const g = new GraphBuilder('large')
  g.output('y', write(g, g.input('x', { channels, rank })))
  const engine = await engineFor(g.build(), params, { weightFactor: 5, profile: true })
  const shape = rank === 2 ? [batch, channels] : [batch, 1, 1, channels]
  engine.compute(0, engine.begin([tensor(shape, data)]))
  const { outputs, profile } = engine.end()
  expect(profile?.map((each) => each.kernel)).toContain(kernel)
  expectRows(outputs[0], expected)
})
