import { describe, expect, test } from 'vitest'
import { convolutionPoolStem, deepStem, groupNorm, imagenetStem, silu, tieredStem } from './index.js'
import { graphOf, linesOf, nodesOf, outputShape, ownersOf } from './testing/parts.js'

describe('stems of three convolutions', () => {
  test('deepStem: half the channels twice, then all, and a max pooling', () => {
    expect(linesOf(graphOf(3, (g, x) => deepStem(g, x, { channels: 64 })))).toEqual([
      'conv1.0 = conv2d(image) 3 → 32 3×3 stride 2 pad 1',
      'conv1.1 = batchNorm(conv1.0) 32',
      'conv1.2 = activation(conv1.1) relu',
      'conv1.3 = conv2d(conv1.2) 32 → 32 3×3 pad 1',
      'conv1.4 = batchNorm(conv1.3) 32',
      'conv1.5 = activation(conv1.4) relu',
      'conv1.6 = conv2d(conv1.5) 32 → 64 3×3 pad 1',
      'bn1 = batchNorm(conv1.6) 64',
      'act1 = activation(bn1) relu',
      'maxpool = maxPool(act1) 3×3 stride 2 pad 1',
    ])
  })

  test.each([
    [64, [24, 32, 64]],
    [128, [48, 64, 128]],
    [20, [6, 10, 20]],
  ])('tieredStem: for %d channels %o', (channels, widths) => {
    const graph = graphOf(3, (g, x) => tieredStem(g, x, { channels }))
    expect(nodesOf(graph, 'conv2d').map(({ attributes }) => attributes.outChannels)).toEqual(widths)
  })

  test('convolutionPoolStem: a fourth convolution, of stride 2, in place of the pooling', () => {
    const graph = graphOf(3, (g, x) => convolutionPoolStem(g, x, { channels: 64 }))
    expect(linesOf(graph).slice(-3)).toEqual([
      'maxpool.0 = conv2d(act1) 64 → 64 3×3 stride 2 pad 1',
      'maxpool.1 = batchNorm(maxpool.0) 64',
      'maxpool.2 = activation(maxpool.1) relu',
    ])
    expect(ownersOf(graph).slice(-2)).toEqual(['maxpool.0', 'maxpool.1'])
  })
})

test.each([
  ['imagenetStem', imagenetStem],
  ['deepStem', deepStem],
  ['tieredStem', tieredStem],
  ['convolutionPoolStem', convolutionPoolStem],
])('%s quarters the image, whatever its channels, norm and activation', (_name, stem) => {
  // A half of the channels is normed in groups too; a tier of 3/8 of 256 is 96.
  const graph = graphOf(4, (g, x) => stem(g, x, { channels: 256, norm: groupNorm, activation: silu }))
  expect(outputShape(graph, [2, 64, 61, 4])).toEqual([2, 16, 16, 256])
  expect(outputShape(graph, [1, 1, 1, 4])).toEqual([1, 1, 1, 256])
  expect(nodesOf(graph, 'batchNorm')).toEqual([])
  expect(nodesOf(graph, 'activation').every(({ attributes }) => attributes.kind === 'silu')).toBe(true)
})
