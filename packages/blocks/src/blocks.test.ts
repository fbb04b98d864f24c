import {
  cost,
  GraphBuilder,
  GraphError,
  inferShapes,
  OptionError,
  parameters,
  print,
  type Value,
} from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import {
  type Block,
  basicBlock,
  bottleneck,
  cifarStem,
  imagenetStem,
  makeLayer,
  projection,
  zeroPadding,
} from './index.js'

/** A graph of one part, on an image of `channels`. */
function graphOf(channels: number, write: (g: GraphBuilder, x: Value) => Value) {
  const g = new GraphBuilder('part')
  g.output('out', write(g, g.input('image', { channels })))
  return g.build()
}

const keys = (graph: ReturnType<typeof graphOf>) => parameters(graph).map(({ key }) => key)
const outputShape = (graph: ReturnType<typeof graphOf>, image: number[]) =>
  inferShapes(graph, { image }).get(graph.outputs.out!)

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

describe('makeLayer', () => {
  const layer = (options: Partial<Parameters<typeof makeLayer>[2]>, inChannels = 8) =>
    graphOf(inChannels, (g, x) =>
      makeLayer(g, x, { name: 'layer1', block: basicBlock, blocks: 2, channels: 8, ...options }),
    )

  test('projects in the first block only, and only where the shape changes', () => {
    expect(keys(layer({})).filter((key) => key.includes('downsample'))).toEqual([])
    expect(keys(layer({ stride: 2 })).filter((key) => key.includes('downsample'))).toEqual([
      'layer1.0.downsample.0.weight',
      'layer1.0.downsample.1.weight',
      'layer1.0.downsample.1.bias',
      'layer1.0.downsample.1.running_mean',
      'layer1.0.downsample.1.running_var',
    ])
    expect(keys(layer({}, 4)).some((key) => key.startsWith('layer1.0.downsample'))).toBe(true)
  })

  test('with shortcut A has no parameters in it', () => {
    expect(keys(layer({ stride: 2, shortcut: 'A' }, 4)).some((key) => key.includes('downsample'))).toBe(false)
  })

  test('with shortcut C projects in every block', () => {
    const projected = keys(layer({ shortcut: 'C' })).filter((key) => key.endsWith('downsample.0.weight'))
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
    expect(keys(graph)).toEqual([
      'conv1.weight',
      ...['weight', 'bias', 'running_mean', 'running_var'].map((k) => `bn1.${k}`),
    ])
  })

  test('the CIFAR stem keeps the image', () => {
    const graph = graphOf(1, (g, x) => cifarStem(g, x, { channels: 16 }))
    expect(outputShape(graph, [1, 32, 31, 1])).toEqual([1, 32, 31, 16])
  })
})
