import { type Graph, GraphBuilder, type Value } from '@resnet-ts/graph'
import fc from 'fast-check'

/** What the nodes of a random graph are drawn from: from a value, or two of the same shape, another of that shape. */
const writers: readonly ((g: GraphBuilder, x: Value, y: Value, name: string) => Value)[] = [
  (g, x, _, name) => g.conv2d(x, { name, channels: 8, kernel: 3, padding: 1, bias: true }),
  (g, x, _, name) => g.conv2d(x, { name, channels: 8, kernel: 1 }),
  (g, x, _, name) => g.conv2d(x, { name, channels: 8, kernel: [3, 5], padding: [1, 2, 1, 2], groups: 4 }),
  (g, x, _, name) => g.batchNorm(x, { name }),
  (g, x, _, name) => g.groupNorm(x, { name, groups: 2 }),
  (g, x, _, name) => g.relu(x, { name }),
  (g, x, _, name) => g.activation(x, 'silu', { name }),
  (g, x, y, name) => g.add(x, y, { name }),
  (g, x, y, name) => g.multiply(x, y, { name }),
  (g, x, _, name) => g.maxPool(x, { name, kernel: 3, stride: 1, padding: 1 }),
  (g, x, y, name) =>
    g.multiply(x, g.activation(g.globalPool(y, { name: `${name}.pool`, keepDimensions: true }), 'sigmoid'), { name }),
  (g, x, _, name) =>
    g.slice(g.pad(x, { name: `${name}.pad`, padding: 1 }), {
      name,
      rows: { start: 1, stop: -1 },
      columns: { start: 1, stop: -1 },
    }),
  (g, x, y, name) => g.slice(g.concat([x, y], { name: `${name}.both` }), { name, channels: { start: 3, stop: 11 } }),
]

/** Graphs of one input of eight channels, whose values all have its shape; some of them are outputs. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .array(fc.tuple(fc.nat(writers.length - 1), fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 14 })
  .map((choices) => {
    const g = new GraphBuilder('random')
    const values = [g.input('image', { channels: 8 })]
    for (const [index, [writer, first, second, isOutput]] of choices.entries()) {
      // Those of late, more often than not.
      const recent = values.slice(-4)
      const value = writers[writer](g, recent[first % recent.length], values[second % values.length], `node${index}`)
      values.push(value)
      if (isOutput || index === choices.length - 1) g.output(`out${index}`, value)
    }
    return g.build()
  })
