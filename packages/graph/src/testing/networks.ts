import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'
import { type Params, parameter, parameters } from '../params.js'
import { print } from '../print.js'
import { type Shape, sizeOf } from '../tensor.js'

/** The graph of one part: what `write` makes of `image`, a map of `channels`, is the output `out`. */
export function graphOf(channels: number, write: (g: GraphBuilder, image: Value) => Value): Graph {
  const g = new GraphBuilder('part')
  g.output('out', write(g, g.input('image', { channels })))
  return g.build()
}

/** A small network in which every op occurs, for images from 8×8 up. */
export function everyOp(): Graph {
  const g = new GraphBuilder('every op')
  const image = g.input('image', { channels: 3 })
  const stem = g.scope('stem', 'stem', () => {
    const padded = g.pad(image, { padding: [1, 2, 1, 2], mode: 'reflect' })
    const y = g.conv2d(padded, { name: 'conv', channels: 8, kernel: [3, 5], stride: 2 })
    return g.blurPool(g.maxPool(g.relu(g.batchNorm(y, { name: 'bn' })), { kernel: 3, stride: 1, padding: 1 }), {
      kernel: 3,
      stride: 1,
    })
  })
  const block = g.scope('block', 'block', () => {
    const y = g.groupNorm(
      g.conv2d(stem, { channels: 8, kernel: 3, padding: 2, dilation: 2, groups: 2, bias: true, standardise: 1e-6 }),
      {
        groups: 4,
        epsilon: 1e-6,
      },
    )
    const gate = g.channelConv1d(g.globalPool(y, { keepDimensions: true }), { kernel: 3 })
    const gated = g.multiply(y, g.activation(gate, 'sigmoid'))
    return g.add(g.dropPath(gated, { rate: 0.1 }), stem)
  })
  const even = g.slice(block, { rows: { step: 2 }, columns: { step: 2 }, channels: { start: -4 } })
  const pooled = g.avgPool(block, { kernel: 2, ceilMode: true, countIncludePad: false })
  const features = g.concat([even, pooled])
  const embedding = g.dropout(g.globalPool(features, { kind: 'catavgmax' }), { rate: 0.5 })
  g.output('probabilities', g.softmax(g.linear(embedding, { name: 'fc', channels: 5 })))
  g.output('features', features)
  return g.build()
}

/** Parameters of a graph with values that depend on their keys, reproducible and of a sensible size. */
export function paramsOf(graph: Graph): Params {
  return new Map(
    parameters(graph).map(({ key, shape }) => {
      const next = random(key)
      const spread = shape.length > 1 ? Math.sqrt(3 / sizeOf(shape.slice(1))) : 0.5
      const centre = key.endsWith('running_var') ? 1 : 0
      const values = Float32Array.from({ length: sizeOf(shape) }, () => centre + spread * (2 * next() - 1))
      return [key, parameter(shape, values)]
    }),
  )
}

/** Parameters given as numbers, row by row: `{ 'conv.weight': [[2, 1, 1, 1], [3, 4]] }`. */
export function paramsFrom(
  values: Readonly<Record<string, readonly [shape: Shape, values: readonly number[]]>>,
): Params {
  return new Map(
    Object.entries(values).map(([key, [shape, numbers]]) => [key, parameter(shape, Float32Array.from(numbers))]),
  )
}

/** Numbers in [0, 1): the minimal standard generator of Park and Miller, started from a text. */
export function random(seed: string): () => number {
  let state = [...seed].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 2147483646, 7) + 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

/** Makes a value unwritable, all the way down. */
export function deepFreeze<Item>(value: Item): Item {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}

/** A graph as the lines of its printer, without the types: `conv = conv2d(image) 8 → 4 1×1`, `out: conv`. */
export function linesOf(graph: Graph): string[] {
  return print(graph)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/ : \[n.*\]$/, ''))
}
