import { type Graph, optimise, type Shape, sizeOf, tensor } from '@resnet-ts/graph'
import { expectClose } from '@resnet-ts/testing/close'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjs } from './index.js'
import { graphOf, paramsOf, values } from './testing/networks.js'
import { silence } from './testing/spy.js'

beforeAll(silence)

/** What the graph's output is for an input of this shape; numbers count up from 1 unless given. */
async function run(
  graph: Graph,
  shape: Shape,
  data: Float32Array = Float32Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
) {
  const session = await tfjs({ backendName: 'cpu' }).compile(graph, paramsOf(graph))
  const { y } = await session.run({ x: tensor(shape, data) })
  await session.dispose()
  return y
}

describe('conv2d', () => {
  interface Case {
    readonly inChannels: number
    readonly channels: number
    readonly kernel: readonly [number, number]
    readonly stride?: readonly [number, number]
    readonly dilation?: readonly [number, number]
    readonly padding?: readonly [number, number, number, number]
    readonly groups?: number
  }

  /** The definition, written out: every product of every place. */
  function convolve(x: Float32Array, [n, h, w, c]: number[], weight: Float32Array, bias: Float32Array, conv: Case) {
    const { channels, kernel, stride = [1, 1], dilation = [1, 1], padding = [0, 0, 0, 0], groups = 1 } = conv
    const [top, right, bottom, left] = padding
    const outHeight = Math.floor((h + top + bottom - dilation[0] * (kernel[0] - 1) - 1) / stride[0]) + 1
    const outWidth = Math.floor((w + left + right - dilation[1] * (kernel[1] - 1) - 1) / stride[1]) + 1
    const inPerGroup = c / groups
    const result: number[] = []
    for (let image = 0; image < n; image++)
      for (let row = 0; row < outHeight; row++)
        for (let column = 0; column < outWidth; column++)
          for (let out = 0; out < channels; out++) {
            const first = Math.floor(out / (channels / groups)) * inPerGroup
            let sum = bias[out]
            for (let i = 0; i < inPerGroup; i++)
              for (let ky = 0; ky < kernel[0]; ky++)
                for (let kx = 0; kx < kernel[1]; kx++) {
                  const iy = row * stride[0] + ky * dilation[0] - top
                  const ix = column * stride[1] + kx * dilation[1] - left
                  if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue
                  const factor = weight[((out * inPerGroup + i) * kernel[0] + ky) * kernel[1] + kx]
                  sum += factor * x[((image * h + iy) * w + ix) * c + first + i]
                }
            result.push(sum)
          }
    return { shape: [n, outHeight, outWidth, channels], data: result }
  }

  const cases: Record<string, Case> = {
    'one pixel wide': { inChannels: 3, channels: 5, kernel: [1, 1] },
    'padded differently on each side': { inChannels: 2, channels: 3, kernel: [3, 2], padding: [0, 1, 2, 3] },
    strided: { inChannels: 2, channels: 3, kernel: [3, 3], stride: [2, 3], padding: [1, 1, 1, 1] },
    dilated: { inChannels: 2, channels: 3, kernel: [3, 2], dilation: [2, 3] },
    'dilated and strided, which tfjs refuses': {
      inChannels: 2,
      channels: 3,
      kernel: [3, 3],
      dilation: [2, 1],
      stride: [2, 3],
      padding: [2, 1, 2, 1],
    },
    'dilated along an axis where its kernel is one pixel': {
      inChannels: 2,
      channels: 3,
      kernel: [1, 3],
      dilation: [2, 1],
      stride: [2, 2],
    },
    'of groups that are merged': { inChannels: 6, channels: 9, kernel: [3, 3], groups: 3 },
    'of groups that make several parts': { inChannels: 48, channels: 24, kernel: [2, 2], groups: 3 },
    'of groups too wide to merge': { inChannels: 80, channels: 4, kernel: [1, 2], groups: 2 },
    depthwise: { inChannels: 5, channels: 5, kernel: [3, 3], groups: 5, padding: [1, 0, 2, 1] },
    'depthwise, two filters a channel': { inChannels: 3, channels: 6, kernel: [2, 3], groups: 3, stride: [2, 2] },
    'depthwise, dilated and strided': {
      inChannels: 3,
      channels: 3,
      kernel: [2, 2],
      groups: 3,
      stride: [2, 2],
      dilation: [2, 2],
    },
  }

  it.each(Object.entries(cases))('%s', async (_, conv) => {
    const { inChannels, ...options } = conv
    const graph = graphOf(inChannels, (g, x) => g.conv2d(x, { ...options, name: 'conv', bias: true }))
    const params = paramsOf(graph)
    const shape = [2, 7, 8, inChannels]
    const x = values(sizeOf(shape))
    const weight = params.get('conv.weight')!.read()
    const expected = convolve(x, shape, weight, params.get('conv.bias')!.read(), conv)
    const actual = await run(graph, shape, x)
    expect(actual.shape).toEqual(expected.shape)
    expectClose(actual.data, expected.data)
  })

  it.each(['relu', 'relu6', 'leakyRelu', 'sigmoid', 'silu'] as const)('fused with %s is what it was', async (kind) => {
    const graph = graphOf(4, (g, x) => {
      const y = g.conv2d(x, { name: 'conv', channels: 4, kernel: 3, padding: 1, groups: 2 })
      return g.activation(g.add(g.batchNorm(y, { name: 'norm' }), x), kind)
    })
    const params = paramsOf(graph)
    const x = tensor(
      [1, 4, 5, 4],
      values(80).map((value) => 5 * value),
    )
    const apart = await tfjs({ backendName: 'cpu' }).compile(graph, params)
    const fused = optimise({ graph, params })
    const together = await tfjs({ backendName: 'cpu' }).compile(fused.graph, fused.params)
    expect(fused.graph.nodes.map(({ op }) => op)).toEqual(['input', 'conv2d'])
    expectClose((await together.run({ x })).y.data, (await apart.run({ x })).y.data)
    await Promise.all([apart.dispose(), together.dispose()])
  })
})

describe('poolings', () => {
  it('the padding of a maximum never wins', async () => {
    const graph = graphOf(1, (g, x) => g.maxPool(x, { kernel: 3, stride: 2, padding: 1 }))
    const { shape, data } = await run(graph, [1, 3, 3, 1], Float32Array.of(-9, -8, -7, -6, -5, -4, -3, -2, -1))
    expect([shape, [...data]]).toEqual([
      [1, 2, 2, 1],
      [-5, -4, -2, -1],
    ])
  })

  // Over 1 2 3 4 5, padded by one, in threes with a step of two: 0 1 2, 2 3 4, 4 5 0.
  it.each([
    [true, [1, 3, 3]],
    [false, [1.5, 3, 4.5]],
  ])('zeros of the padding count: %s', async (countIncludePad, expected) => {
    const options = { kernel: [1, 3], stride: [1, 2], padding: [0, 1, 0, 1], countIncludePad } as const
    const { data } = await run(
      graphOf(1, (g, x) => g.avgPool(x, options)),
      [1, 1, 5, 1],
    )
    expectClose(data, expected)
  })

  // Over 1 2 3 4, padded by one, in threes with a step of two: 0 1 2, 2 3 4, and 4 0 with ceilMode, of which the zero
  // is padding; a third zero, beyond it, never counts.
  it.each([
    [true, [1, 3, 2]],
    [false, [1.5, 3, 4]],
  ])('what ceilMode adds does not count (zeros do: %s)', async (countIncludePad, expected) => {
    const options = { kernel: [1, 3], stride: [1, 2], padding: [0, 1, 0, 1], ceilMode: true, countIncludePad } as const
    const { data } = await run(
      graphOf(1, (g, x) => g.avgPool(x, options)),
      [1, 1, 4, 1],
    )
    expectClose(data, expected)
  })

  it('a window of one pixel takes every other pixel', async () => {
    const { shape, data } = await run(
      graphOf(1, (g, x) => g.maxPool(x, { kernel: 1, stride: 2 })),
      [1, 3, 3, 1],
    )
    expect([shape, [...data]]).toEqual([
      [1, 2, 2, 1],
      [1, 3, 7, 9],
    ])
    const same = await run(
      graphOf(1, (g, x) => g.avgPool(x, { kernel: 1 })),
      [1, 1, 2, 1],
    )
    expect([...same.data]).toEqual([1, 2])
  })

  it.each([
    ['avg', [4, 5]],
    ['max', [7, 8]],
    ['avgmax', [5.5, 6.5]],
    ['catavgmax', [4, 5, 7, 8]],
  ] as const)('globally: %s', async (kind, expected) => {
    const pooled = graphOf(2, (g, x) => g.globalPool(x, { kind, keepDimensions: true }))
    const { shape, data } = await run(pooled, [1, 2, 2, 2])
    expect([shape, [...data]]).toEqual([[1, 1, 1, expected.length], expected])
  })
})

describe('other ops', () => {
  it('reflect pads without repeating the edge', async () => {
    const graph = graphOf(1, (g, x) => g.pad(x, { mode: 'reflect', padding: [1, 0, 0, 2] }))
    const { shape, data } = await run(graph, [1, 2, 3, 1])
    expect([shape, [...data]]).toEqual([
      [1, 3, 5, 1],
      [6, 5, 4, 5, 6, 3, 2, 1, 2, 3, 6, 5, 4, 5, 6],
    ])
  })

  it('pads with zeros, and with zero channels', async () => {
    const graph = graphOf(1, (g, x) => g.pad(x, { padding: [0, 1, 0, 0], channels: [1, 0] }))
    const { shape, data } = await run(graph, [1, 1, 2, 1])
    expect([shape, [...data]]).toEqual([
      [1, 1, 3, 2],
      [0, 1, 0, 2, 0, 0],
    ])
  })

  it('slices with steps and from the end', async () => {
    const ranges = { rows: { start: -1 }, columns: { start: 1, step: 2 }, channels: { stop: 3, step: 2 } }
    const { shape, data } = await run(
      graphOf(4, (g, x) => g.slice(x, ranges)),
      [1, 2, 4, 4],
    )
    expect([shape, [...data]]).toEqual([
      [1, 1, 2, 2],
      [21, 23, 29, 31],
    ])
  })

  it('group norm has a mean and a deviation for each image and group', async () => {
    const graph = graphOf(4, (g, x) => g.groupNorm(x, { name: 'norm', groups: 2, epsilon: 1e-5 }))
    const [weight, bias] = [...paramsOf(graph).values()].map((parameter) => parameter.read())
    // Group one of both pixels is 1 2 5 6, of mean 3.5 and variance 4.25; group two 3 4 7 8.
    const normalised = [-2.5, -1.5, -2.5, -1.5, 1.5, 2.5, 1.5, 2.5].map((value) => value / Math.sqrt(4.25 + 1e-5))
    const { data } = await run(graph, [1, 1, 2, 4])
    expectClose(
      data,
      normalised.map((value, i) => value * weight[i % 4] + bias[i % 4]),
    )
  })

  it('convolves along the channels, of maps and of vectors', async () => {
    for (const keepDimensions of [true, false]) {
      const graph = graphOf(4, (g, x) =>
        g.channelConv1d(g.globalPool(x, { keepDimensions }), { name: 'eca', kernel: 3 }),
      )
      const [a, b, c] = paramsOf(graph).get('eca.weight')!.read()
      const { shape, data } = await run(graph, [1, 1, 1, 4])
      expect(shape).toEqual(keepDimensions ? [1, 1, 1, 4] : [1, 4])
      expectClose(data, [b + 2 * c, a + 2 * b + 3 * c, 2 * a + 3 * b + 4 * c, 3 * a + 4 * b])
    }
  })

  it('a linear layer, its softmax, and a gate', async () => {
    const graph = graphOf(2, (g, x) => {
      const gated = g.multiply(x, g.activation(g.globalPool(x, { keepDimensions: true }), 'sigmoid'))
      return g.softmax(g.linear(g.globalPool(gated), { name: 'fc', channels: 3 }))
    })
    const params = paramsOf(graph)
    const [weight, bias] = [params.get('fc.weight')!.read(), params.get('fc.bias')!.read()]
    const pooled = [2, 3].map((value) => value / (1 + Math.exp(-value)))
    const powers = [0, 1, 2].map((o) => Math.exp(weight[2 * o] * pooled[0] + weight[2 * o + 1] * pooled[1] + bias[o]))
    const sum = powers.reduce((a, b) => a + b)
    const { data } = await run(graph, [1, 1, 2, 2])
    expectClose(
      data,
      powers.map((power) => power / sum),
    )
  })
})
