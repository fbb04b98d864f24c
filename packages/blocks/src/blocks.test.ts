import { cost, GraphError, inferShapes, OptionError, parameters, print } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import {
  type Block,
  type BlockOptions,
  basicBlock,
  bottleneck,
  cifarStem,
  imagenetStem,
  makeLayer,
  projection,
  zeroPadding,
} from './index.js'

import { graphOf, keysOf, nodesOf, outputShape } from './testing/parts.js'

describe('the cost of the blocks, as the tutorial compares them', () => {
  const macsPerPosition = (channels: number, block: Block, width: number) => {
    const graph = graphOf(channels, (g, x) => block(g, x, { channels: width }))
    return cost(graph, inferShapes(graph, { image: [1, 1, 1, channels] })).total.macs
  }

  test('a basic block of 256 channels multiplies 1,179,648 times a position', () => {
    expect(macsPerPosition(256, basicBlock, 256)).toBe(1_179_648)
  })

  test('a bottleneck 256 → 64 → 64 → 256 multiplies 69,632 times a position', () => {
    expect(macsPerPosition(256, bottleneck, 64)).toBe(69_632)
  })
})

describe('basicBlock', () => {
  test('is two convolutions and the solid shortcut', () => {
    expect(print(graphOf(8, (g, x) => basicBlock(g, x, { channels: 8 })))).toBe(
      [
        'graph part',
        '  image = input [n, h, w, 8]',
        '  conv1 = conv2d(image) 8 → 8 3×3 pad 1 : [n, h, w, 8]',
        '  bn1 = batchNorm(conv1) 8 : [n, h, w, 8]',
        '  act1 = activation(bn1) relu : [n, h, w, 8]',
        '  conv2 = conv2d(act1) 8 → 8 3×3 pad 1 : [n, h, w, 8]',
        '  bn2 = batchNorm(conv2) 8 : [n, h, w, 8]',
        '  add = add(bn2, image) : [n, h, w, 8]',
        '  act2 = activation(add) relu : [n, h, w, 8]',
        '  out: act2',
      ].join('\n'),
    )
  })

  test.each([{ groups: 2 }, { widthPerGroup: 128 }])('refuses %o', (option) => {
    expect(() => graphOf(8, (g, x) => basicBlock(g, x, { channels: 8, ...option }))).toThrow(OptionError)
  })

  test('refuses a sum of different shapes by the name of the node', () => {
    expect(() => graphOf(4, (g, x) => basicBlock(g, x, { channels: 8 }))).toThrow(GraphError)
    expect(() => graphOf(4, (g, x) => basicBlock(g, x, { channels: 8 }))).toThrow("node 'add' (add)")
  })
})

describe('bottleneck', () => {
  test.each([
    { groups: 1, widthPerGroup: 64, width: 64 },
    { groups: 32, widthPerGroup: 4, width: 128 },
    { groups: 1, widthPerGroup: 128, width: 128 },
  ])('has the inner width $width with $groups groups of $widthPerGroup', ({ groups, widthPerGroup, width }) => {
    const graph = graphOf(256, (g, x) => bottleneck(g, x, { channels: 64, groups, widthPerGroup }))
    const shapes = parameters(graph).filter(({ key }) => key.startsWith('conv'))
    expect(shapes.map(({ shape }) => shape)).toEqual([
      [width, 256, 1, 1],
      [width, width / groups, 3, 3],
      [256, width, 1, 1],
    ])
  })

  test('has its stride in the 3×3 convolution', () => {
    const graph = graphOf(256, (g, x) => bottleneck(g, x, { channels: 64, stride: 2, downsample: projection }))
    const shapes = inferShapes(graph, { image: [1, 9, 8, 256] })
    expect(shapes.get('conv1')).toEqual([1, 9, 8, 64])
    expect(shapes.get('conv2')).toEqual([1, 5, 4, 64])
  })
})

describe('reduceFirst and pruned', () => {
  const widths = (block: Block, options: Partial<BlockOptions>, inChannels = 16 * block.expansion) =>
    parameters(graphOf(inChannels, (g, x) => block(g, x, { channels: 16, ...options })))
      .filter(({ key }) => key.startsWith('conv'))
      .map(({ shape }) => shape[0])

  test('reduceFirst divides the channels of the first convolution, and no other', () => {
    expect(widths(basicBlock, { reduceFirst: 2 })).toEqual([8, 16])
    expect(widths(bottleneck, { reduceFirst: 2 })).toEqual([8, 16, 64])
    expect(widths(bottleneck, { reduceFirst: 2, groups: 4, widthPerGroup: 32 })).toEqual([16, 32, 64])
    expect(widths(bottleneck, { reduceFirst: 3 })).toEqual([5, 16, 64])
  })

  test('pruned widths take the place of those of the rule', () => {
    expect(widths(basicBlock, { pruned: { inner: [5], output: 9 } }, 9)).toEqual([5, 9])
    expect(widths(bottleneck, { pruned: { inner: [5, 3], output: 9 } }, 9)).toEqual([5, 3, 9])
    expect(widths(bottleneck, { pruned: { inner: [], output: 9 } }, 9)).toEqual([16, 16, 9])
  })
})

describe('dilation', () => {
  const dilations = (block: Block, options: Partial<BlockOptions>) => {
    const graph = graphOf(16 * block.expansion, (g, x) => block(g, x, { channels: 16, ...options }))
    expect(outputShape(graph, [1, 9, 7, 16 * block.expansion])).toEqual([1, 9, 7, 16 * block.expansion])
    return nodesOf(graph, 'conv2d').map(({ attributes }) => attributes.dilation[0])
  }

  test('of the stage is in the 3×3 convolutions, the first of which may still have that of the stage before', () => {
    expect(dilations(basicBlock, { dilation: 2 })).toEqual([2, 2])
    expect(dilations(basicBlock, { dilation: 4, firstDilation: 2 })).toEqual([2, 4])
    expect(dilations(bottleneck, { dilation: 2 })).toEqual([1, 2, 1])
    expect(dilations(bottleneck, { dilation: 4, firstDilation: 2 })).toEqual([1, 2, 1])
  })
})

describe('dropPathRate', () => {
  test('drops the branch before the sum, and is not there at 0', () => {
    const dropped = graphOf(8, (g, x) => basicBlock(g, x, { channels: 8, dropPathRate: 0.25 }))
    const [dropPath] = nodesOf(dropped, 'dropPath')
    expect(dropPath).toMatchObject({ inputs: ['bn2'], attributes: { rate: 0.25 } })
    expect(nodesOf(dropped, 'add')[0]!.inputs).toEqual([dropPath!.name, 'image'])
    const kept = graphOf(8, (g, x) => basicBlock(g, x, { channels: 8, dropPathRate: 0 }))
    expect(nodesOf(kept, 'dropPath')).toEqual([])
  })
})

describe('makeLayer', () => {
  const layer = (options: Partial<Parameters<typeof makeLayer>[2]>, inChannels = 8) =>
    graphOf(inChannels, (g, x) =>
      makeLayer(g, x, { name: 'layer1', block: basicBlock, blocks: 2, channels: 8, ...options }),
    )

  test('projects in the first block only, and only where the shape changes', () => {
    expect(keysOf(layer({})).filter((key) => key.includes('downsample'))).toEqual([])
    expect(keysOf(layer({ stride: 2 })).filter((key) => key.includes('downsample'))).toEqual([
      'layer1.0.downsample.0.weight',
      'layer1.0.downsample.1.weight',
      'layer1.0.downsample.1.bias',
      'layer1.0.downsample.1.running_mean',
      'layer1.0.downsample.1.running_var',
    ])
    expect(keysOf(layer({}, 4)).some((key) => key.startsWith('layer1.0.downsample'))).toBe(true)
  })

  test('with shortcut A has no parameters in it', () => {
    expect(keysOf(layer({ stride: 2, shortcut: 'A' }, 4)).some((key) => key.includes('downsample'))).toBe(false)
  })

  test('with shortcut C projects in every block', () => {
    const projected = keysOf(layer({ shortcut: 'C' })).filter((key) => key.endsWith('downsample.0.weight'))
    expect(projected).toEqual(['layer1.0.downsample.0.weight', 'layer1.1.downsample.0.weight'])
  })

  test('names its stage, blocks and shortcuts as scopes', () => {
    expect(layer({ stride: 2 }).scopes.map(({ name, kind }) => [name, kind])).toEqual([
      ['layer1', 'stage'],
      ['layer1.0', 'basicBlock'],
      ['layer1.0.downsample', 'downsample'],
      ['layer1.1', 'basicBlock'],
    ])
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses %s blocks', (blocks) => {
    expect(() => layer({ blocks })).toThrow(OptionError)
  })

  test('gives each block its own dropPathRate, and the first alone the dilation of the stage before', () => {
    const graph = layer({ blocks: 3, dropPathRates: [0, 0.1, 0.2], dilation: 2, firstDilation: 1 })
    expect(nodesOf(graph, 'dropPath').map(({ name, attributes }) => [name, attributes.rate])).toEqual([
      ['layer1.1.dropPath', 0.1],
      ['layer1.2.dropPath', 0.2],
    ])
    expect(nodesOf(graph, 'conv2d').map(({ attributes }) => attributes.dilation[0])).toEqual([1, 2, 2, 2, 2, 2])
  })

  test('projects where pruning changes the channels, and only there', () => {
    const pruned = [
      { inner: [5], output: 12 },
      { inner: [6], output: 12 },
    ]
    const projected = keysOf(layer({ pruned })).filter((key) => key.endsWith('downsample.0.weight'))
    expect(projected).toEqual(['layer1.0.downsample.0.weight'])
    const back = keysOf(layer({ pruned: [pruned[0]!, { inner: [6], output: 8 }] }))
    expect(back.filter((key) => key.endsWith('downsample.0.weight'))).toHaveLength(2)
  })

  test('puts the prefix before the numbers of its blocks', () => {
    expect(layer({ blockPrefix: 'blocks.' }).scopes.map(({ name }) => name)).toEqual([
      'layer1',
      'layer1.blocks.0',
      'layer1.blocks.1',
    ])
  })

  test('starts every block as the identity on request', () => {
    const zeros = layer({ zeroInitResidual: true })
    const initial = new Map(parameters(zeros).map((spec) => [spec.key, spec.initial]))
    expect(initial.get('layer1.0.bn1.weight')).toBe('ones')
    expect(initial.get('layer1.0.bn2.weight')).toBe('zeros')
    expect(initial.get('layer1.1.bn2.weight')).toBe('zeros')
  })
})

describe('shortcuts', () => {
  test.each([
    ['projection', projection],
    ['zeroPadding', zeroPadding],
  ])('%s yields the shape of the block', (_name, shortcut) => {
    const graph = graphOf(4, (g, x) => shortcut(g, x, { channels: 9, stride: 2 }))
    expect(outputShape(graph, [2, 7, 4, 4])).toEqual([2, 4, 2, 9])
  })

  test('zeroPadding narrows too', () => {
    const graph = graphOf(4, (g, x) => zeroPadding(g, x, { channels: 3, stride: 1 }))
    expect(outputShape(graph, [1, 5, 5, 4])).toEqual([1, 5, 5, 3])
  })
})

describe('stems', () => {
  test('the ImageNet stem quarters the image', () => {
    const graph = graphOf(3, (g, x) => imagenetStem(g, x, { channels: 64 }))
    expect(outputShape(graph, [1, 224, 97, 3])).toEqual([1, 56, 25, 64])
    expect(keysOf(graph)).toEqual([
      'conv1.weight',
      ...['weight', 'bias', 'running_mean', 'running_var'].map((k) => `bn1.${k}`),
    ])
  })

  test('the CIFAR stem keeps the image', () => {
    const graph = graphOf(1, (g, x) => cifarStem(g, x, { channels: 16 }))
    expect(outputShape(graph, [1, 32, 31, 1])).toEqual([1, 32, 31, 16])
  })
})
