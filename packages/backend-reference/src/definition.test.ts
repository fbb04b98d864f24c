import { type Graph, GraphBuilder, type Params, parameter, type Tensor, tensor } from '@resnet-ts/graph'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reference } from './reference.js'

// Convolution and pooling, against their definitions written down once more, one output element at a time.

const pair = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))

const padding = (most: number) => {
  const side = fc.integer({ min: 0, max: most })
  return fc.tuple(side, side, side, side)
}

/** A tensor of whole numbers, so that no sum is rounded. */
function wholeNumbers(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, value) => product * value, 1)
  return tensor(
    shape,
    Float32Array.from({ length: size }, (_, index) => ((index * 29) % 17) - 8),
  )
}

async function run(graph: Graph, x: Tensor, params: Params = new Map()): Promise<Tensor> {
  const session = await reference().compile(graph, params)
  return (await session.run({ x })).y
}

/** Every element of a tensor with its `[n, y, x, channel]`. */
function* elements({ shape, data }: Tensor): Generator<[n: number, y: number, x: number, c: number, value: number]> {
  const [, height, width, channels] = shape
  for (const [index, value] of data.entries()) {
    const pixel = Math.floor(index / channels)
    const line = Math.floor(pixel / width)
    yield [Math.floor(line / height), line % height, pixel % width, index % channels, value]
  }
}

/** `x[n, y, x, c]`, undefined outside the map. */
function pixel({ shape, data }: Tensor, n: number, y: number, x: number, c: number): number | undefined {
  const [, height, width, channels] = shape
  const inside = y >= 0 && y < height && x >= 0 && x < width
  return inside ? data[((n * height + y) * width + x) * channels + c] : undefined
}

test('conv2d: y[n, i, j, o] = bias[o] + Σ x[n, i·stride + k·dilation − padding, …] · weight[o, c, k, l]', async () => {
  const convolutions = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    size: pair(1, 8),
    kernel: pair(1, 4),
    stride: pair(1, 3),
    dilation: pair(1, 3),
    padding: padding(3),
    groups: fc.integer({ min: 1, max: 3 }),
    depth: fc.integer({ min: 1, max: 5 }),
    outDepth: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(convolutions, async ({ batch, size, groups, depth, outDepth, ...window }) => {
      const { kernel, stride, dilation, padding } = window
      const [top, right, bottom, left] = padding
      fc.pre(size[0] + top + bottom > dilation[0] * (kernel[0] - 1))
      fc.pre(size[1] + left + right > dilation[1] * (kernel[1] - 1))
      const g = new GraphBuilder('convolution')
      const channels = groups * outDepth
      const x = wholeNumbers([batch, ...size, groups * depth])
      const input = g.input('x', { channels: groups * depth })
      g.output('y', g.conv2d(input, { name: 'conv', channels, groups, bias: true, ...window }))
      const weight = wholeNumbers([channels, depth, ...kernel])
      const bias = wholeNumbers([channels])
      const y = await run(
        g.build(),
        x,
        new Map([
          ['conv.weight', parameter(weight.shape, weight.data)],
          ['conv.bias', parameter(bias.shape, bias.data)],
        ]),
      )
      for (const [n, i, j, o, value] of elements(y)) {
        let expected = bias.data[o]
        for (let c = 0; c < depth; c++) {
          for (let k = 0; k < kernel[0]; k++) {
            for (let l = 0; l < kernel[1]; l++) {
              const row = i * stride[0] + k * dilation[0] - top
              const column = j * stride[1] + l * dilation[1] - left
              const channel = Math.floor(o / outDepth) * depth + c
              const tap = weight.data[((o * depth + c) * kernel[0] + k) * kernel[1] + l]
              expected += (pixel(x, n, row, column, channel) ?? 0) * tap
            }
          }
        }
        expect(value, `y[${n}, ${i}, ${j}, ${o}]`).toBe(expected)
      }
    }),
    { numRuns: 200 },
  )
})

test('maxPool and avgPool: the greatest, and the mean, of the pixels that a window sees', async () => {
  const pools = fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    size: pair(1, 8),
    kernel: pair(1, 4),
    stride: pair(1, 4),
    padding: padding(2),
    ceilMode: fc.boolean(),
    countIncludePad: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(pools, async ({ batch, size, countIncludePad, ...window }) => {
      const { kernel, stride, padding } = window
      const [top, right, bottom, left] = padding
      fc.pre(2 * Math.max(top, bottom) <= kernel[0] && 2 * Math.max(left, right) <= kernel[1])
      fc.pre(size[0] + top + bottom >= kernel[0] && size[1] + left + right >= kernel[1])
      const x = wholeNumbers([batch, ...size, 3])
      const pooled = (pool: 'maxPool' | 'avgPool') => {
        const g = new GraphBuilder(pool)
        g.output('y', g[pool](g.input('x', { channels: 3 }), { countIncludePad, ...window }))
        return run(g.build(), x)
      }
      const average = await pooled('avgPool')
      const maximum = await pooled('maxPool')
      expect(average.shape).toEqual(maximum.shape)
      const means = average.data.values()
      for (const [n, i, j, c, value] of elements(maximum)) {
        const seen: number[] = []
        let counted = 0
        for (let row = i * stride[0] - top; row < i * stride[0] - top + kernel[0]; row++) {
          for (let column = j * stride[1] - left; column < j * stride[1] - left + kernel[1]; column++) {
            const value = pixel(x, n, row, column, c)
            if (value !== undefined) seen.push(value)
            if (value !== undefined || (countIncludePad && row < size[0] + bottom && column < size[1] + right))
              counted++
          }
        }
        const where = `y[${n}, ${i}, ${j}, ${c}]`
        expect(value, where).toBe(Math.max(...seen))
        expect(means.next().value, where).toBe(Math.fround(seen.reduce((sum, value) => sum + value, 0) / counted))
      }
    }),
    { numRuns: 200 },
  )
})
