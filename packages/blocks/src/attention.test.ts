import { parameters } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { type Attention, basicBlock, bottleneck, efficientChannelAttention, squeezeExcitation } from './index.js'
import { graphOf, linesOf, nodesOf, outputShape } from './testing/parts.js'

/** The number of channels that squeeze and excitation leaves between its convolutions. */
function squeezed(channels: number, attention: Attention): number {
  const [hidden] = nodesOf(
    graphOf(channels, (g, x) => attention(g, x, { channels })),
    'conv2d',
  )
  return hidden!.attributes.outChannels
}

describe('squeezeExcitation', () => {
  test('is a gate of pooled channels through two 1×1 convolutions', () => {
    const graph = graphOf(64, (g, x) => squeezeExcitation()(g, x, { channels: 64 }))
    expect(linesOf(graph)).toEqual([
      'se.globalPool = globalPool(image) avg',
      'se.fc1 = conv2d(se.globalPool) 64 → 8 1×1 + bias',
      'se.relu = activation(se.fc1) relu',
      'se.fc2 = conv2d(se.relu) 8 → 64 1×1 + bias',
      'se.sigmoid = activation(se.fc2) sigmoid',
      'se.multiply = multiply(image, se.sigmoid)',
    ])
    expect(outputShape(graph, [3, 5, 4, 64])).toEqual([3, 5, 4, 64])
  })

  // timm's make_divisible(channels / 16, 8, round_limit=0): the nearest multiple of 8, halves upwards, and at least 8.
  test.each([
    [16, 8],
    [64, 8],
    [96, 8],
    [128, 8],
    [191, 8],
    [192, 16],
    [256, 16],
    [512, 32],
    [818, 48],
    [1024, 64],
    [2048, 128],
  ])('squeezes %d channels to %d', (channels, expected) => {
    expect(squeezed(channels, squeezeExcitation())).toBe(expected)
  })

  test.each([
    [64, 1 / 4, 16],
    [256, 1 / 4, 64],
    [2048, 1 / 4, 512],
    [100, 1 / 4, 24],
    [30, 1 / 4, 8],
    [64, 1, 64],
  ])('squeezes %d channels by %f to %d', (channels, reduction, expected) => {
    expect(squeezed(channels, squeezeExcitation({ reduction }))).toBe(expected)
  })

  test.each([
    [64, 1, 4],
    [64, 4, 4],
    [100, 1, 6],
    [24, 2, 2],
  ])('squeezes %d channels to a multiple of %d: %d', (channels, divisor, expected) => {
    expect(squeezed(channels, squeezeExcitation({ divisor }))).toBe(expected)
  })
})

describe('efficientChannelAttention', () => {
  test('is a gate of pooled channels through a convolution along them', () => {
    const graph = graphOf(256, (g, x) => efficientChannelAttention(g, x, { channels: 256 }))
    expect(linesOf(graph)).toEqual([
      'se.globalPool = globalPool(image) avg',
      'se.conv = channelConv1d(se.globalPool) kernel 5',
      'se.sigmoid = activation(se.conv) sigmoid',
      'se.multiply = multiply(image, se.sigmoid)',
    ])
    expect(parameters(graph).map(({ key, shape }) => [key, shape])).toEqual([['se.conv.weight', [1, 1, 5]]])
  })

  // timm's EcaModule with gamma 2 and beta 1: t = ⌊(log2(channels) + 1) / 2⌋, made odd, and at least 3.
  test.each([
    [1, 3],
    [8, 3],
    [16, 3],
    [64, 3],
    [127, 3],
    [128, 5],
    [256, 5],
    [512, 5],
    [1024, 5],
    [2047, 5],
    [2048, 7],
    [8192, 7],
  ])('of %d channels has a kernel of %d', (channels, kernel) => {
    const graph = graphOf(8, (g, x) => efficientChannelAttention(g, x, { channels }))
    expect(nodesOf(graph, 'channelConv1d')[0]!.attributes.kernel).toBe(kernel)
  })
})

describe('a block', () => {
  test.each([
    ['basicBlock', basicBlock, 16],
    ['bottleneck', bottleneck, 64],
  ])('%s gates its branch, not the shortcut, by the channels that its rule gives', (_name, block, expected) => {
    const asked: number[] = []
    const noting: Attention = (g, x, { channels }) => {
      asked.push(channels)
      return efficientChannelAttention(g, x, { channels })
    }
    const graph = graphOf(expected, (g, x) => block(g, x, { channels: 16, attention: noting }))
    expect(asked).toEqual([expected])
    const sum = nodesOf(graph, 'add')[0]!
    expect(sum.inputs).toEqual(['se.multiply', 'image'])
  })

  test('tells attention the width by its rule where pruning left fewer', () => {
    const graph = graphOf(9, (g, x) =>
      bottleneck(g, x, { channels: 512, attention: efficientChannelAttention, pruned: { inner: [5, 3], output: 9 } }),
    )
    // The kernel of 2,048 channels, of which 9 are left.
    expect(nodesOf(graph, 'channelConv1d')[0]!.attributes.kernel).toBe(7)
    expect(outputShape(graph, [1, 4, 4, 9])).toEqual([1, 4, 4, 9])
  })
})
