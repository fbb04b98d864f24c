import {
  activationKinds,
  type Graph,
  GraphBuilder,
  GraphError,
  globalPoolKinds,
  inferShapes,
  type OpName,
  type Padding,
  type Pair,
  type Shape,
  ShapeError,
  sizeOf,
  type Value,
} from '@resnet-ts/graph'
import fc from 'fast-check'

/** A graph, and what its inputs are to be for a run. */
export interface RandomGraph {
  readonly graph: Graph
  readonly inputShapes: Readonly<Record<string, Shape>>
}

/** A value in a random graph, and its shape in the run. */
interface Made {
  readonly value: Value
  readonly shape: Shape
}

/** Chooses among options by the numbers that it was given, one after the other. */
class Draw {
  readonly #numbers: readonly number[]
  #next = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  of<Option>(options: readonly Option[]): Option {
    const number = this.#numbers[this.#next++ % this.#numbers.length]!
    return options[number % options.length]!
  }

  pair(options: readonly number[]): Pair {
    return [this.of(options), this.of(options)]
  }

  sides(options: readonly number[]): Padding {
    return [this.of(options), this.of(options), this.of(options), this.of(options)]
  }
}

/** How an op is written. */
interface Writer {
  /** Which values can stand beside the first; none do if left out. */
  readonly joins?: (first: Shape, second: Shape) => boolean
  readonly write: (g: GraphBuilder, x: Value, draw: Draw, others: readonly Value[]) => Value
}

const isSame = (first: Shape, second: Shape) => first.join() === second.join()
const isGate = (first: Shape, [n, ...second]: Shape) => n === first[0] && isSame(second, [1, 1, first.at(-1)!])
const isBeside = (first: Shape, second: Shape) => isSame(first.slice(0, -1), second.slice(0, -1))

/** Every op, and the block that passes fuse. Most draws fit any value; what does not is tried with another. */
const writers: Readonly<Record<Exclude<OpName, 'input'> | 'block', Writer>> = {
  block: { write: residualBlock },
  conv2d: { write: convolution },
  // Small ones enlarge what rounding does to values that are nearly the same.
  batchNorm: { write: (g, x, draw) => g.batchNorm(x, { epsilon: draw.of([1e-5, 1e-3]) }) },
  groupNorm: {
    write(g, x, draw) {
      const { channels } = x.type
      const groups = draw.of([1, 2, 4, channels].filter((count) => channels % count === 0))
      return g.groupNorm(x, { groups, epsilon: draw.of([0.1, 0.5]) })
    },
  },
  activation: { write: (g, x, draw) => g.activation(x, draw.of(activationKinds)) },
  add: {
    joins: isSame,
    write: (g, x, draw, [y]) => (draw.of([true, false]) ? g.add(x, y!) : g.add(y!, x)),
  },
  // Of something below 1, so that no product of products grows without end.
  multiply: {
    joins: (first, second) => isSame(first, second) || (first.length === 4 && isGate(first, second)),
    write: (g, x, _, [y]) => g.multiply(x, g.activation(y!, 'sigmoid')),
  },
  maxPool: { write: (g, x, draw) => g.maxPool(x, window(draw)) },
  avgPool: { write: (g, x, draw) => g.avgPool(x, { ...window(draw), countIncludePad: draw.of([true, false]) }) },
  blurPool: { write: (g, x, draw) => g.blurPool(x, { kernel: draw.of([2, 3, 4, 5]), stride: draw.of([1, 2, 3]) }) },
  globalPool: {
    write: (g, x, draw) =>
      g.globalPool(x, { kind: draw.of(globalPoolKinds), keepDimensions: draw.of([true, true, false]) }),
  },
  linear: { write: (g, x, draw) => g.linear(x, { channels: draw.of([5, 8, 16, 1]), bias: draw.of([true, false]) }) },
  channelConv1d: { write: (g, x, draw) => g.channelConv1d(x, { kernel: draw.of([1, 3, 5]) }) },
  pad: {
    write(g, x, draw) {
      const mode = draw.of(['zero', 'reflect'] as const)
      const channels = mode === 'zero' ? draw.pair([0, 0, 1, 3]) : ([0, 0] as const)
      return g.pad(x, { mode, channels, padding: draw.sides([0, 1, 2]) })
    },
  },
  slice: { write: (g, x, draw) => g.slice(x, { rows: range(draw), columns: range(draw), channels: range(draw) }) },
  concat: { joins: isBeside, write: (g, x, draw, others) => g.concat([x, ...others].slice(0, draw.of([1, 2, 3]))) },
  dropout: { write: (g, x, draw) => g.dropout(x, { rate: draw.of([0, 0.5]) }) },
  dropPath: { write: (g, x, draw) => g.dropPath(x, { rate: draw.of([0, 0.5]) }) },
  softmax: { write: (g, x) => g.softmax(x) },
}

/** A convolution; of standardised weights, which make large values, with the norm that brings those back. */
function convolution(g: GraphBuilder, x: Value, draw: Draw): Value {
  const standardise = draw.of([undefined, undefined, 1e-6])
  const y = plainOrStandardised(g, x, draw, standardise)
  return standardise === undefined ? y : g.groupNorm(y, { groups: 1, epsilon: 0.1 })
}

/** Windows that networks have, and any other. */
function plainOrStandardised(g: GraphBuilder, x: Value, draw: Draw, standardise: number | undefined): Value {
  const { channels: inChannels } = x.type
  const channels = draw.of([8, 16, 32, 5, 12])
  const fitting = [1, 1, 2, 4, 8, inChannels].filter((count) => inChannels % count === 0 && channels % count === 0)
  const common = {
    channels,
    groups: draw.of(fitting),
    bias: draw.of([true, false]),
    standardise,
  }
  switch (draw.of(['3×3', '1×1', '7×7', 'any'] as const)) {
    case '3×3':
      return g.conv2d(x, { ...common, kernel: 3, stride: draw.of([1, 1, 2]), padding: 1 })
    case '1×1':
      return g.conv2d(x, { ...common, kernel: 1, stride: draw.of([1, 1, 2]) })
    case '7×7':
      return g.conv2d(x, { ...common, groups: 1, kernel: 7, stride: 2, padding: draw.of([3, 2]) })
    default:
      return g.conv2d(x, {
        ...common,
        kernel: draw.pair([1, 2, 3, 5]),
        stride: draw.pair([1, 2, 3]),
        padding: draw.sides([0, 1, 2, 3]),
        dilation: draw.pair([1, 2]),
      })
  }
}

/** A convolution, a norm, the shortcut, an activation. */
function residualBlock(g: GraphBuilder, x: Value, draw: Draw): Value {
  const kernel = draw.of([1, 3, 3, 7])
  const { channels } = x.type
  const groups = draw.of([1, 1, 4].filter((count) => channels % count === 0))
  const y = g.batchNorm(g.conv2d(x, { channels, kernel, padding: (kernel - 1) / 2, groups }))
  const sum = draw.of([true, false]) ? g.add(y, x) : g.add(x, y)
  return draw.of([true, false]) ? g.activation(sum, draw.of(activationKinds)) : sum
}

function window(draw: Draw) {
  const kernel = draw.pair([1, 2, 3, 4])
  const [height, width] = kernel.map((size) => Math.floor(size / 2)) as [number, number]
  const side = (most: number) => draw.of([0, most])
  const padding: Padding = [side(height), side(width), side(height), side(width)]
  return { kernel, stride: draw.pair([1, 2, 3]), padding, ceilMode: draw.of([true, false]) }
}

function range(draw: Draw) {
  return { start: draw.of([0, 0, 1, -4]), stop: draw.of([null, null, -1]), step: draw.of([1, 1, 2]) }
}

/** What is written, and what it is chosen by. */
interface Step {
  readonly op: keyof typeof writers
  /** How far back the values are that it goes on from. */
  readonly from: number
  readonly other: number
  readonly numbers: readonly number[]
  readonly isOutput: boolean
}

const names = Object.keys(writers) as Step['op'][]

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.oneof(fc.constantFrom(...names), fc.constantFrom<Step['op'][]>('conv2d', 'block', 'activation', 'add')),
  from: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(9) }),
  other: fc.nat(9),
  numbers: fc.array(fc.nat(59), { minLength: 19, maxLength: 19 }),
  isOutput: fc.boolean(),
})

const side = fc.integer({ min: 1, max: 14 })

/**
 * Graphs of any ops with any attributes, of an image and a vector, whose values are of the order of 1 for parameters and
 * inputs of that order.
 */
export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 14 }),
    image: fc.tuple(fc.integer({ min: 1, max: 3 }), side, side, fc.constantFrom(3, 8, 16)),
    channels: fc.constantFrom(5, 8),
  })
  .map(({ steps, image, channels }) => build(steps, { image, vector: [image[0], channels] }))

function build(steps: readonly Step[], inputShapes: Readonly<Record<string, Shape>>): RandomGraph {
  const g = new GraphBuilder('random')
  const made: Made[] = Object.entries(inputShapes).map(([name, shape]) => ({ value: inputOf(g, name, shape), shape }))
  const outputs = new Set([made[0]!])
  for (const each of steps) {
    const next = write(g, made, each)
    if (!next) continue
    made.push(next)
    if (each.isOutput) outputs.add(next)
  }
  for (const { value } of outputs.add(made.at(-1)!)) g.output(`${value.name} out`, value)
  return { graph: g.build(), inputShapes }
}

function inputOf(g: GraphBuilder, name: string, shape: Shape): Value {
  return g.input(name, { channels: shape.at(-1)!, rank: shape.length === 4 ? 4 : 2 })
}

/** Elements of a value: convolutions of more take the reference long. */
const mostElements = 6000

/** One more value, from the latest that its op takes; none if there is none. */
function write(g: GraphBuilder, made: readonly Made[], { op, from, other, numbers }: Step): Made | undefined {
  const { joins, write } = writers[op]
  for (const first of rotated(made.toReversed(), from)) {
    const others = joins ? rotated(made, other).filter(({ shape }) => joins(first.shape, shape)) : []
    if (joins && others.length === 0) continue
    const shape = tried(writers[op], [first, ...others], numbers)
    if (!shape || sizeOf(shape) > mostElements) continue
    return {
      value: write(
        g,
        first.value,
        new Draw(numbers),
        others.map(({ value }) => value),
      ),
      shape,
    }
  }
  return undefined
}

/** The shape of what an op makes of some values, in a graph of its own; none if it does not take them. */
function tried({ write }: Writer, operands: readonly Made[], numbers: readonly number[]): Shape | undefined {
  const g = new GraphBuilder('trial')
  const shapes = Object.fromEntries(operands.map(({ shape }, index) => [`operand ${index}`, shape]))
  try {
    const [x, ...others] = Object.entries(shapes).map(([name, shape]) => inputOf(g, name, shape))
    const value = write(g, x!, new Draw(numbers), others)
    g.output('y', value)
    return inferShapes(g.build(), shapes).get(value.name)
  } catch (error) {
    if (error instanceof GraphError || error instanceof ShapeError) return undefined
    throw error
  }
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
