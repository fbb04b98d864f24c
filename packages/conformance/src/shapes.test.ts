import { reference } from '@resnet-ts/backend-reference'
import {
  globalPoolKinds,
  inferShapes,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
  tensor,
  type Value,
} from '@resnet-ts/graph'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { opGraph } from './case.js'
import { compareTensors, runOnce } from './check.js'

// The shape rules of `inferShapes`, and what the reference computes in those shapes, against windows that walk over
// a map one by one, and against slices of lists. Odd sizes, single pixels and batches of up to five are among them.

const numRuns = 300

type Write = Parameters<typeof opGraph>[1]

/** What the reference makes of `x` where `write` says; the shape of it is also what `inferShapes` says. */
async function compute(x: Tensor, write: Write, params: Parameters<typeof runOnce>[1]['params'] = new Map()) {
  const graph = opGraph([x.shape], write)
  const { y } = await runOnce(reference(), { graph, params }, { a: x })
  expect(y.shape).toEqual(inferShapes(graph, { a: x.shape }).get(graph.outputs.y))
  return y
}

interface Axis {
  readonly size: number
  readonly before: number
  readonly after: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
}

/** A place of a window along one axis. */
interface Place {
  /** The pixels of the map that it sees. */
  readonly seen: readonly number[]
  /** How many it sees of the map and its padding. */
  readonly counted: number
}

/** The places of a window along one axis. */
function walk({ size, before, after, kernel, stride, dilation }: Axis, ceil: boolean): Place[] {
  const taps = (start: number) => Array.from({ length: kernel }, (_, index) => start + index * dilation)
  const lastPixel = size + after - 1
  const starts: number[] = []
  let start = -before
  for (; taps(start).every((tap) => tap <= lastPixel); start += stride) starts.push(start)
  if (ceil) {
    // One more may stick out by less than a stride, but none may start beyond the pixels of the map itself.
    if (Math.max(...taps(start)) - lastPixel < stride) starts.push(start)
    if (starts.length > 0 && starts[starts.length - 1] >= size) starts.pop()
  }
  return starts.map((at) => ({
    seen: taps(at).filter((tap) => tap >= 0 && tap < size),
    counted: taps(at).filter((tap) => tap <= lastPixel).length,
  }))
}

const upTo = (most: number, least = 1) => fc.integer({ min: least, max: most })

const axis = (most: { padding: number; dilation: number }) =>
  fc.record({
    size: upTo(12),
    before: upTo(most.padding, 0),
    after: upTo(most.padding, 0),
    kernel: upTo(5),
    stride: upTo(5),
    dilation: upTo(most.dilation),
  })

/** The window as the builder takes it. */
function windowOf(vertical: Axis, horizontal: Axis) {
  return {
    kernel: [vertical.kernel, horizontal.kernel],
    stride: [vertical.stride, horizontal.stride],
    padding: [vertical.before, horizontal.after, vertical.after, horizontal.before],
  } as const
}

function ones(shape: Shape): Tensor {
  return tensor(shape, new Float32Array(sizeOf(shape)).fill(1))
}

test('a convolution of ones by ones yields how many pixels each window sees', async () => {
  const axes = axis({ padding: 4, dilation: 3 })
  await fc.assert(
    fc.asyncProperty(upTo(5), axes, axes, async (batch, vertical, horizontal) => {
      const x = ones([batch, vertical.size, horizontal.size, 1])
      const dilation = [vertical.dilation, horizontal.dilation] as const
      const params = new Map([['conv.weight', ones([1, 1, vertical.kernel, horizontal.kernel])]])
      const readable = new Map([...params].map(([key, { shape, data }]) => [key, { shape, read: () => data }]))
      const run = compute(
        x,
        (g, a) => g.conv2d(a, { name: 'conv', channels: 1, ...windowOf(vertical, horizontal), dilation }),
        readable,
      )
      const rows = walk(vertical, false)
      const columns = walk(horizontal, false)
      if (rows.length === 0 || columns.length === 0) {
        await expect(run).rejects.toThrow(ShapeError)
        return
      }
      const { shape, data } = await run
      expect(shape).toEqual([batch, rows.length, columns.length, 1])
      const seen = rows.flatMap((row) => columns.map((column) => row.seen.length * column.seen.length))
      expect([...data]).toEqual(Array.from({ length: batch }, () => seen).flat())
    }),
    { numRuns },
  )
})

test('a pool yields the greatest of what each window sees, or the mean, as PyTorch counts', async () => {
  const axes = axis({ padding: 2, dilation: 1 }).filter(
    ({ before, after, kernel }) => 2 * Math.max(before, after) <= kernel,
  )
  await fc.assert(
    fc.asyncProperty(upTo(5), axes, axes, fc.boolean(), async (batch, vertical, horizontal, ceilMode) => {
      const x = scattered([batch, vertical.size, horizontal.size, 2])
      const options = { ...windowOf(vertical, horizontal), ceilMode }
      const rows = walk(vertical, ceilMode)
      const columns = walk(horizontal, ceilMode)
      const mean = (values: readonly number[], count: number) => Math.fround(sum(values) / count)
      const pools: [Write, Reduce][] = [
        [(g, a) => g.maxPool(a, options), (values) => Math.max(...values)],
        [(g, a) => g.avgPool(a, { ...options, countIncludePad: false }), (values) => mean(values, values.length)],
        [(g, a) => g.avgPool(a, options), (values, row, column) => mean(values, row.counted * column.counted)],
      ]
      for (const [pool, reduce] of pools) {
        const run = compute(x, pool)
        if (rows.length === 0 || columns.length === 0) {
          await expect(run).rejects.toThrow(ShapeError)
          continue
        }
        const expected = reduceWindows(x, rows, columns, reduce)
        const found = await run
        expect(found.shape).toEqual(expected.shape)
        expect(compareTensors({ y: found }, { y: expected }, { absolute: 1e-6, relative: 1e-6 })).toEqual([])
      }
    }),
    { numRuns },
  )
})

test('a blur weighs the mirrored pixels that each window sees by binomial coefficients', async () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
  const sizes = fc.tuple(upTo(5), upTo(8), upTo(8), upTo(3))
  const seen = { fits: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(sizes, upTo(5, 2), upTo(3), async (shape, kernel, stride) => {
      const x = scattered(shape)
      const padding = Math.floor((stride + kernel - 2) / 2)
      const run = compute(x, (g, a) => g.blurPool(a, { kernel, stride }))
      const [rows, columns] = [shape[1], shape[2]].map((size) => {
        const around = mirrored(size, padding, padding)
        const starts = indices(around.length - kernel + 1).filter((start) => start % stride === 0)
        return starts.map((start) => ({ seen: around.slice(start, start + kernel), counted: kernel }))
      })
      if (padding >= Math.min(shape[1], shape[2]) || rows.length === 0 || columns.length === 0) {
        seen.refused++
        await expect(run).rejects.toThrow(ShapeError)
        return
      }
      seen.fits++
      const weights = indices(kernel).map((tap) => choose(kernel - 1, tap) / 2 ** (kernel - 1))
      const weigh: Reduce = (values) =>
        sum(values.map((value, at) => value * weights[Math.floor(at / kernel)] * weights[at % kernel]))
      // Whole numbers weighed by powers of two are exact.
      expect(await run).toEqual(reduceWindows(x, rows, columns, weigh))
    }),
    { numRuns },
  )
  expect(Math.min(seen.fits, seen.refused)).toBeGreaterThan(0)
})

test('a global pool yields the mean and the greatest of each channel', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(upTo(5), upTo(7), upTo(7), upTo(4)), fc.boolean(), async (shape, keepDimensions) => {
      const x = scattered(shape)
      const everything = (size: number): Place[] => [{ seen: indices(size), counted: size }]
      const pooled = (reduce: Reduce) => [...reduceWindows(x, everything(shape[1]), everything(shape[2]), reduce).data]
      const means = pooled((values) => sum(values) / values.length)
      const greatest = pooled((values) => Math.max(...values))
      const channels = shape[3]
      const both = indices(shape[0]).flatMap((n) =>
        [means, greatest].flatMap((values) => values.slice(n * channels, (n + 1) * channels)),
      )
      const expected = {
        avg: means,
        max: greatest,
        avgmax: means.map((mean, at) => (mean + greatest[at]) / 2),
        catavgmax: both,
      }
      for (const kind of globalPoolKinds) {
        const found = await compute(x, (g, a) => g.globalPool(a, { kind, keepDimensions }))
        const depth = kind === 'catavgmax' ? 2 * channels : channels
        const y = tensor(
          keepDimensions ? [shape[0], 1, 1, depth] : [shape[0], depth],
          Float32Array.from(expected[kind]),
        )
        expect(compareTensors({ y: found }, { y }, { absolute: 1e-6, relative: 1e-6 })).toEqual([])
      }
    }),
    { numRuns: 100 },
  )
})

/** What a window makes of the values it sees, row by row, at one of its places. */
type Reduce = (values: readonly number[], row: Place, column: Place) => number

/** What a window yields at all of its places, of each image and channel. */
function reduceWindows(x: Tensor, rows: readonly Place[], columns: readonly Place[], reduce: Reduce): Tensor {
  const [batch, height, width, channels] = x.shape
  const values = indices(batch).flatMap((n) =>
    rows.flatMap((row) =>
      columns.flatMap((column) =>
        indices(channels).map((channel) => {
          const seen = row.seen.flatMap((y) =>
            column.seen.map((x_) => x.data[((n * height + y) * width + x_) * channels + channel]),
          )
          return reduce(seen, row, column)
        }),
      ),
    ),
  )
  return tensor([batch, rows.length, columns.length, channels], Float32Array.from(values))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Whole numbers from −6 to 6, whose neighbours differ. */
function scattered(shape: Shape): Tensor {
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 5 + Math.floor(index / 7)) % 13) - 6),
  )
}

/** A map whose elements are their own indices. */
function counting(shape: Shape): Tensor {
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => index),
  )
}

/** The elements of `x` at these rows, columns and channels of each image; zero where an index is undefined. */
function pick({ shape, data }: Tensor, axes: readonly (readonly (number | undefined)[])[]): Tensor {
  const [batch, height, width, channels] = shape
  const [rows, columns, depths] = axes
  const values: number[] = []
  for (let n = 0; n < batch; n++) {
    for (const row of rows) {
      for (const column of columns) {
        for (const depth of depths) {
          const outside = row === undefined || column === undefined || depth === undefined
          values.push(outside ? 0 : data[((n * height + row) * width + column) * channels + depth])
        }
      }
    }
  }
  return tensor([batch, rows.length, columns.length, depths.length], Float32Array.from(values))
}

function indices(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index)
}

/** The indices of an axis that is mirrored at its ends, which are not repeated. */
function mirrored(size: number, before: number, after: number): number[] {
  const own = indices(size)
  return [...own.slice(1, 1 + before).reverse(), ...own, ...own.toReversed().slice(1, 1 + after)]
}

test('slice takes what a slice of a list takes', async () => {
  const range = fc.record({
    size: upTo(7),
    start: fc.integer({ min: -9, max: 9 }),
    stop: fc.option(fc.integer({ min: -9, max: 9 })),
    step: upTo(4),
  })
  await fc.assert(
    fc.asyncProperty(upTo(5), range, range, range, async (batch, rows, columns, channels) => {
      const ranges = [rows, columns, channels]
      const taken = ranges.map(({ size, start, stop, step }) =>
        indices(size)
          .slice(start, stop ?? undefined)
          .filter((_, place) => place % step === 0),
      )
      fc.pre(taken.every((axis) => axis.length > 0))
      const x = counting([batch, ...ranges.map(({ size }) => size)])
      expect(await compute(x, (g, a) => g.slice(a, { rows, columns, channels }))).toEqual(pick(x, taken))
    }),
    { numRuns },
  )
})

test('pad puts zeros or mirrored pixels around a map', async () => {
  const side = fc.record({ size: upTo(6), before: upTo(5, 0), after: upTo(5, 0) })
  await fc.assert(
    fc.asyncProperty(upTo(5), side, side, side, fc.boolean(), async (batch, rows, columns, channels, zero) => {
      const empty = (count: number) => Array.from({ length: count }, () => undefined)
      const zeros = ({ size, before, after }: typeof rows) => [...empty(before), ...indices(size), ...empty(after)]
      const x = counting([batch, rows.size, columns.size, channels.size])
      const write: Write = (g, a): Value =>
        g.pad(a, {
          padding: [rows.before, columns.after, rows.after, columns.before],
          ...(zero ? { channels: [channels.before, channels.after] } : { mode: 'reflect' }),
        })
      const axes = zero
        ? [rows, columns, channels].map(zeros)
        : [...[rows, columns].map((own) => mirrored(own.size, own.before, own.after)), indices(channels.size)]
      const fits = [rows, columns].every(({ size, before, after }) => Math.max(before, after) < size)
      if (zero || fits) expect(await compute(x, write)).toEqual(pick(x, axes))
      else await expect(compute(x, write)).rejects.toThrow(ShapeError)
    }),
    { numRuns },
  )
})
