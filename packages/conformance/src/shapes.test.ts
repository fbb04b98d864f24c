import { reference } from '@resnet-ts/backend-reference'
import { inferShapes, type Shape, ShapeError, sizeOf, type Tensor, tensor, type Value } from '@resnet-ts/graph'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { opGraph } from './case.js'
import { runOnce } from './check.js'

// The shape rules of `inferShapes`, and what the reference computes in those shapes, against windows that walk over
// a map one by one, and against slices of lists.

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

/** How many pixels a window sees at each of its places along one axis. */
function walk({ size, before, after, kernel, stride, dilation }: Axis, ceil: boolean): number[] {
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
  return starts.map((at) => taps(at).filter((tap) => tap >= 0 && tap < size).length)
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
    fc.asyncProperty(upTo(3), axes, axes, async (batch, vertical, horizontal) => {
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
      const seen = rows.flatMap((row) => columns.map((column) => row * column))
      expect([...data]).toEqual(Array.from({ length: batch }, () => seen).flat())
    }),
    { numRuns },
  )
})

test('a pool has a place for every window that sees a pixel, as PyTorch counts them', async () => {
  const axes = axis({ padding: 2, dilation: 1 }).filter(
    ({ before, after, kernel }) => 2 * Math.max(before, after) <= kernel,
  )
  await fc.assert(
    fc.asyncProperty(axes, axes, fc.boolean(), async (vertical, horizontal, ceilMode) => {
      const x = ones([2, vertical.size, horizontal.size, 3])
      const options = { ...windowOf(vertical, horizontal), ceilMode }
      const rows = walk(vertical, ceilMode)
      const columns = walk(horizontal, ceilMode)
      const pools: Write[] = [
        (g, a) => g.maxPool(a, options),
        (g, a) => g.avgPool(a, { ...options, countIncludePad: false }),
      ]
      for (const pool of pools) {
        const run = compute(x, pool)
        if (rows.length === 0 || columns.length === 0) {
          await expect(run).rejects.toThrow(ShapeError)
          continue
        }
        const { shape, data } = await run
        expect(shape).toEqual([2, rows.length, columns.length, 3])
        expect(data.every((value) => value === 1)).toBe(true)
      }
    }),
    { numRuns },
  )
})

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

const indices = (size: number) => Array.from({ length: size }, (_, index) => index)

test('slice takes what a slice of a list takes', async () => {
  const range = fc.record({
    size: upTo(7),
    start: fc.integer({ min: -9, max: 9 }),
    stop: fc.option(fc.integer({ min: -9, max: 9 })),
    step: upTo(4),
  })
  await fc.assert(
    fc.asyncProperty(range, range, range, async (rows, columns, channels) => {
      const ranges = [rows, columns, channels]
      const taken = ranges.map(({ size, start, stop, step }) =>
        indices(size)
          .slice(start, stop ?? undefined)
          .filter((_, place) => place % step === 0),
      )
      fc.pre(taken.every((axis) => axis.length > 0))
      const x = counting([2, ...ranges.map(({ size }) => size)])
      expect(await compute(x, (g, a) => g.slice(a, { rows, columns, channels }))).toEqual(pick(x, taken))
    }),
    { numRuns },
  )
})

test('pad puts zeros or mirrored pixels around a map', async () => {
  const side = fc.record({ size: upTo(6), before: upTo(5, 0), after: upTo(5, 0) })
  await fc.assert(
    fc.asyncProperty(side, side, side, fc.boolean(), async (rows, columns, channels, zero) => {
      const mirrored = ({ size, before, after }: typeof rows) => [
        ...indices(size)
          .slice(1, 1 + before)
          .reverse(),
        ...indices(size),
        ...indices(size)
          .reverse()
          .slice(1, 1 + after),
      ]
      const empty = (count: number) => Array.from({ length: count }, () => undefined)
      const zeros = ({ size, before, after }: typeof rows) => [...empty(before), ...indices(size), ...empty(after)]
      const x = counting([2, rows.size, columns.size, channels.size])
      const write: Write = (g, a): Value =>
        g.pad(a, {
          padding: [rows.before, columns.after, rows.after, columns.before],
          ...(zero ? { channels: [channels.before, channels.after] } : { mode: 'reflect' }),
        })
      const axes = zero
        ? [rows, columns, channels].map(zeros)
        : [mirrored(rows), mirrored(columns), indices(channels.size)]
      const fits = [rows, columns].every(({ size, before, after }) => Math.max(before, after) < size)
      if (zero || fits) expect(await compute(x, write)).toEqual(pick(x, axes))
      else await expect(compute(x, write)).rejects.toThrow(ShapeError)
    }),
    { numRuns },
  )
})
