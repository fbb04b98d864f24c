import { OptionError, parameters } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import {
  groupNorm,
  makeLayer,
  preActivationBasicBlock,
  preActivationBottleneck,
  preActivationProjection,
  silu,
  squeezeExcitation,
} from './index.js'
import { graphOf, linesOf, nodesOf, ownersOf } from './testing/parts.js'

describe('preActivationBasicBlock', () => {
  test('has a norm and an activation before each convolution, and none after the sum', () => {
    expect(linesOf(graphOf(8, (g, x) => preActivationBasicBlock(g, x, { channels: 8 })))).toEqual([
      'norm1 = batchNorm(image) 8',
      'act1 = activation(norm1) relu',
      'conv1 = conv2d(act1) 8 → 8 3×3 pad 1',
      'norm2 = batchNorm(conv1) 8',
      'act2 = activation(norm2) relu',
      'conv2 = conv2d(act2) 8 → 8 3×3 pad 1',
      'add = add(conv2, image)',
    ])
  })
})

describe('preActivationBottleneck', () => {
  test('projects what is activated already, and lists that shortcut first, as timm does', () => {
    const graph = graphOf(8, (g, x) =>
      preActivationBottleneck(g, x, { channels: 4, stride: 2, downsample: preActivationProjection }),
    )
    expect(linesOf(graph)).toEqual([
      'norm1 = batchNorm(image) 8',
      'act1 = activation(norm1) relu',
      'downsample.conv = conv2d(act1) 8 → 16 1×1 stride 2',
      'conv1 = conv2d(act1) 8 → 4 1×1',
      'norm2 = batchNorm(conv1) 4',
      'act2 = activation(norm2) relu',
      'conv2 = conv2d(act2) 4 → 4 3×3 stride 2 pad 1',
      'norm3 = batchNorm(conv2) 4',
      'act3 = activation(norm3) relu',
      'conv3 = conv2d(act3) 4 → 16 1×1',
      'add = add(conv3, downsample.conv)',
    ])
    expect(ownersOf(graph)).toEqual(['downsample.conv', 'norm1', 'conv1', 'norm2', 'conv2', 'norm3', 'conv3'])
  })

  test('has the shortcut first in each block of a stage that has one', () => {
    const graph = graphOf(8, (g, x) =>
      makeLayer(g, x, {
        name: 'stages.1',
        blockPrefix: 'blocks.',
        block: preActivationBottleneck,
        blocks: 2,
        channels: 4,
        stride: 2,
        projection: preActivationProjection,
      }),
    )
    const block = ['norm1', 'conv1', 'norm2', 'conv2', 'norm3', 'conv3']
    expect(ownersOf(graph)).toEqual([
      ...['downsample.conv', ...block].map((name) => `stages.1.blocks.0.${name}`),
      ...block.map((name) => `stages.1.blocks.1.${name}`),
    ])
  })
})

const blocks = [
  ['preActivationBasicBlock', preActivationBasicBlock, 32],
  ['preActivationBottleneck', preActivationBottleneck, 128],
] as const

describe.each(blocks)('%s', (_name, block, width) => {
  test('takes norms, activations and standardised weights', () => {
    const graph = graphOf(width, (g, x) =>
      block(g, x, {
        channels: 32,
        norm: groupNorm,
        activation: silu,
        standardise: 1e-8,
        downsample: preActivationProjection,
      }),
    )
    expect(nodesOf(graph, 'batchNorm')).toEqual([])
    expect(nodesOf(graph, 'groupNorm').length).toBeGreaterThan(1)
    expect(nodesOf(graph, 'activation').every(({ attributes }) => attributes.kind === 'silu')).toBe(true)
    expect(nodesOf(graph, 'conv2d').every(({ attributes }) => attributes.standardise === 1e-8)).toBe(true)
  })

  test('gates its branch and drops it before the sum', () => {
    const options = { channels: 32, attention: squeezeExcitation(), dropPathRate: 0.2 }
    const lines = linesOf(graphOf(width, (g, x) => block(g, x, options)))
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^se\.multiply = multiply\(conv\d, se\.sigmoid\)$/),
      'dropPath = dropPath(se.multiply) rate 0.2',
      'add = add(dropPath, image)',
    ])
  })

  test('starts as the identity on request: its last convolution with zeros, the others not', () => {
    const graph = graphOf(width, (g, x) => block(g, x, { channels: 32, zeroInitResidual: true }))
    const starts = parameters(graph)
      .filter(({ key }) => key.startsWith('conv'))
      .map(({ initial }) => initial)
    expect(starts.at(-1)).toBe('zeros')
    expect(new Set(starts.slice(0, -1))).toEqual(new Set(['kaimingNormalFanOut']))
  })

  test('puts groups into its 3×3 convolutions', () => {
    const graph = graphOf(width, (g, x) => block(g, x, { channels: 32, groups: 4 }))
    for (const { attributes } of nodesOf(graph, 'conv2d'))
      expect(attributes.groups).toBe(attributes.kernel[0] === 3 ? 4 : 1)
  })

  test.each([{ widthPerGroup: 128 }, { reduceFirst: 2 }, { pruned: { inner: [3, 4], output: 5 } }])(
    'refuses %o, which it would not heed',
    (option) => {
      expect(() => graphOf(width, (g, x) => block(g, x, { channels: 32, ...option }))).toThrow(OptionError)
    },
  )
})
