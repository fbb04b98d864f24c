import {
  averagePoolProjection,
  basicBlock,
  bottleneck,
  cifarStem,
  preActivationBasicBlock,
  preActivationBottleneck,
  silu,
} from '@resnet-ts/blocks'
import { type Graph, inferShapes, type Node, OptionError, parameters, ResnetError, sizeOf } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import {
  cifar_resnet20,
  keras_resnet50v2,
  type ModelOptions,
  models,
  resnet,
  resnet18,
  resnet50,
  resnet50d,
  resnetrs50,
  resnetV2,
  resnetv2_50,
  resnetv2_50x1_bit,
} from './index.js'
import { planStages } from './resnet.js'

function nodesOf<Name extends Node['op']>(graph: Graph, op: Name): Node<Name>[] {
  return graph.nodes.filter((node) => node.op === op) as Node<Name>[]
}

function node<Name extends Node['op']>(graph: Graph, op: Name, name: string): Node<Name> {
  return nodesOf(graph, op).find((each) => each.name === name)!
}

function outputShapes(graph: Graph, image: readonly number[]) {
  const shapes = inferShapes(graph, { image })
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, at]) => [name, shapes.get(at)]))
}

const blocks = [3, 4, 6, 3]

describe('outputStride', () => {
  // As timm's make_blocks plans them: a stride beyond the last allowed one multiplies the dilation instead, and the
  // first block of a stage still has the dilation of the stage before.
  test.each([
    [32, [1, 2, 2, 2], [1, 1, 1, 1], [1, 1, 1, 1]],
    [16, [1, 2, 2, 1], [1, 1, 1, 2], [1, 1, 1, 1]],
    [8, [1, 2, 1, 1], [1, 1, 2, 4], [1, 1, 1, 2]],
  ] as const)('%d has strides %o, dilations %o, and first ones %o', (outputStride, strides, dilations, first) => {
    const plan = planStages({ blocks, outputStride })
    expect(plan.map(({ stride }) => stride)).toEqual(strides)
    expect(plan.map(({ dilation }) => dilation)).toEqual(dilations)
    expect(plan.map(({ firstDilation }) => firstDilation)).toEqual(first)
    expect(plan.map((stage) => stage.blocks)).toEqual(blocks)
  })

  test('dilates the 3×3 convolutions of a bottleneck, and no other', () => {
    const graph = resnet50({ outputStride: 8 })
    const windows = Object.fromEntries(
      nodesOf(graph, 'conv2d').map(({ name, attributes }) => [
        name,
        `${attributes.stride[0]} ${attributes.dilation[0]} ${attributes.padding[0]}`,
      ]),
    )
    const { 'layer2.0.conv2': strided, 'layer3.0.conv2': still, 'layer3.1.conv2': twice } = windows
    expect([strided, still, twice]).toEqual(['2 1 1', '1 1 1', '1 2 2'])
    const { 'layer4.0.conv2': before, 'layer4.1.conv2': fourfold, 'layer4.0.downsample.0': shortcut } = windows
    expect([before, fourfold, shortcut]).toEqual(['1 2 2', '1 4 4', '1 1 0'])
    expect(windows['layer4.1.conv1']).toBe('1 1 0')
  })

  const networks = [
    ['resnet18', resnet18],
    ['resnet50', resnet50],
    ['resnet50d', resnet50d],
    ['resnetrs50', resnetrs50],
    ['resnetv2_50', resnetv2_50],
  ] as const

  test.each(networks)('of %s is how far its last map is from the image, at the same parameters', (_name, factory) => {
    for (const outputStride of [8, 16, 32] as const) {
      const graph = factory({ outputStride, includeTop: false })
      const { features } = outputShapes(graph, [1, 64, 128, 3])
      expect(features!.slice(1, 3)).toEqual([64 / outputStride, 128 / outputStride])
      expect(parameters(graph)).toEqual(parameters(factory({ includeTop: false })))
    }
  })

  test('the average-pool shortcut slides where dilation takes the place of its stride', () => {
    const { attributes } = node(resnet50d({ outputStride: 16 }), 'avgPool', 'layer4.0.downsample.0')
    expect(attributes).toMatchObject({ kernel: [2, 2], stride: [1, 1], padding: [0, 1, 1, 0] })
    expect(node(resnet50d({ outputStride: 16 }), 'avgPool', 'layer3.0.downsample.0').attributes.stride).toEqual([2, 2])
  })

  test('of the CIFAR family, whose stem has no stride, is counted as if it had', () => {
    const sides = ([8, 16, 32] as const).map((outputStride) => {
      const { features } = outputShapes(cifar_resnet20({ outputStride, includeTop: false }), [1, 32, 32, 3])
      return features![1]
    })
    expect(sides).toEqual([16, 8, 8])
  })

  test('as text is refused, and told from the number', () => {
    expect(() => resnet18({ outputStride: '8' as never })).toThrow(
      "network 'resnet18': expected an outputStride that is the number 8, 16 or 32, found '8'.",
    )
  })

  test.each([4, 12, 64, 0, Number.NaN, '16'])('%o is refused', (outputStride) => {
    expect(() => resnet18({ outputStride: outputStride as 8 })).toThrow(OptionError)
    expect(() => resnetv2_50({ outputStride: outputStride as 8 })).toThrow(OptionError)
  })
})

describe('dropPathRate', () => {
  const ratesOf = (graph: Graph) => nodesOf(graph, 'dropPath').map(({ attributes }) => attributes.rate)

  test('grows evenly from nothing in the first block to itself in the last', () => {
    const rates = planStages({ blocks, dropPathRate: 0.3 }).flatMap(({ dropPathRates }) => dropPathRates)
    expect(rates).toHaveLength(16)
    for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo((0.3 * index) / 15, 12)
    expect([rates[0], rates.at(-1)]).toEqual([0, 0.3])
  })

  test.each([
    ['resnet50', resnet50],
    ['resnetv2_50', resnetv2_50],
  ])('%s drops the branch of every block but the first', (_name, factory) => {
    const rates = ratesOf(factory({ dropPathRate: 0.3 }))
    expect(rates).toHaveLength(15)
    expect(rates).toEqual(rates.toSorted((left, right) => left - right))
    expect(rates.at(-1)).toBe(0.3)
    expect(ratesOf(factory())).toEqual([])
  })

  test('of a network of one block drops nothing', () => {
    expect(ratesOf(resnet({ block: basicBlock, blocks: [1], dropPathRate: 0.5 }))).toEqual([])
  })
})

describe('dropRate', () => {
  test.each([
    ['resnet18', resnet18, 'fc'],
    ['resnetv2_50', resnetv2_50, 'head.fc'],
  ])('%s drops before the classifier, not in the embedding', (_name, factory, classifier) => {
    const graph = factory({ dropRate: 0.4 })
    const [drop] = nodesOf(graph, 'dropout')
    expect(drop!.attributes.rate).toBe(0.4)
    expect(graph.nodes.find(({ name }) => name === classifier)!.inputs).toEqual([drop!.name])
    expect(graph.outputs.embedding).not.toBe(drop!.name)
    expect(nodesOf(factory(), 'dropout')).toEqual([])
    expect(nodesOf(factory({ dropRate: 0.4, numClasses: 0 }), 'dropout')).toEqual([])
  })
})

describe.each(['dropRate', 'dropPathRate'] as const)('%s', (option) => {
  test.each([1, -0.1, Number.NaN, Number.POSITIVE_INFINITY, 'half'])('of %o is refused', (rate) => {
    expect(() => resnet18({ [option]: rate as number })).toThrow(option)
    expect(() => resnetv2_50({ [option]: rate as number })).toThrow(OptionError)
  })
})

describe('globalPool', () => {
  const networks = [
    ['resnet18', resnet18, 512],
    ['resnetv2_50', resnetv2_50, 2048],
  ] as const

  test.each(networks)('of %s doubles the channels of its embedding by catavgmax, and keeps them else', (...row) => {
    const [, factory, channels] = row
    for (const globalPool of ['avg', 'max', 'avgmax', 'catavgmax'] as const) {
      const embedding = channels * (globalPool === 'catavgmax' ? 2 : 1)
      const graph = factory({ globalPool, numClasses: 7 })
      expect(outputShapes(graph, [2, 64, 64, 3])).toEqual({ logits: [2, 7], embedding: [2, embedding] })
      expect(nodesOf(graph, 'globalPool')[0]!.attributes.kind).toBe(globalPool)
      const weight = parameters(graph).find(({ key }) => /fc\.weight$/.test(key))
      expect(sizeOf(weight!.shape)).toBe(7 * embedding)
    }
  })

  test.each(networks)('none of %s leaves its last feature map', (_name, factory, channels) => {
    const graph = factory({ globalPool: 'none', numClasses: 0 })
    expect(outputShapes(graph, [1, 64, 64, 3])).toEqual({ features: [1, 2, 2, channels] })
    expect(parameters(graph)).toEqual(parameters(factory({ includeTop: false })))
  })

  test.each(networks)('of %s is refused where there is none of that name, or no classifier could follow', (...row) => {
    const [, factory] = row
    expect(() => factory({ globalPool: 'mean' as 'avg' })).toThrow('a globalPool of avg, max, avgmax, catavgmax, none')
    expect(() => factory({ globalPool: 'none' })).toThrow("numClasses 0 with globalPool 'none'")
    expect(() => factory({ globalPool: '' as 'none', numClasses: 0 })).toThrow(OptionError)
  })
})

describe('zeroInitResidual', () => {
  /** The nodes that start at zero. */
  const zeros = (graph: Graph) =>
    parameters(graph)
      .filter(({ key, initial }) => key.endsWith('.weight') && initial === 'zeros')
      .map((spec) => spec.node)

  test('starts the last norm of each block at zero', () => {
    expect(zeros(resnet18({ zeroInitResidual: true }))).toEqual(
      [1, 2, 3, 4].flatMap((stage) => [0, 1].map((block) => `layer${stage}.${block}.bn2`)),
    )
    expect(zeros(resnet50({ zeroInitResidual: true })).every((name) => name.endsWith('bn3'))).toBe(true)
    expect(zeros(resnet18())).toEqual([])
  })

  test('starts the last convolution of each pre-activated block at zero, which no norm follows', () => {
    const names = zeros(resnetv2_50({ zeroInitResidual: true }))
    expect(names).toHaveLength(16)
    expect(names.every((name) => name.endsWith('.conv3'))).toBe(true)
    expect(zeros(resnetv2_50())).toEqual([])
  })
})

describe('shortcut', () => {
  const projections = (graph: Graph) => graph.scopes.filter(({ kind }) => kind === 'downsample').length
  const slices = (graph: Graph) => nodesOf(graph, 'slice').length

  test.each([
    ['resnet', resnet({ block: bottleneck, blocks })],
    ['resnetV2', resnetV2({ block: preActivationBottleneck, blocks })],
  ])('of %s is B where nothing is said', (_name, graph) => {
    expect([projections(graph), slices(graph)]).toEqual([4, 0])
  })

  test.each([
    ['resnet', (shortcut: 'A' | 'C') => resnet({ block: bottleneck, blocks, shortcut })],
    ['resnetV2', (shortcut: 'A' | 'C') => resnetV2({ block: preActivationBottleneck, blocks, shortcut })],
  ])('of %s subsamples with A, and projects in every block with C', (_name, write) => {
    expect([projections(write('A')), slices(write('A'))]).toEqual([4, 4])
    expect(parameters(write('A')).some(({ key }) => key.includes('downsample'))).toBe(false)
    expect([projections(write('C')), slices(write('C'))]).toEqual([16, 0])
  })
})

describe('inChannels', () => {
  test.each([
    ['resnet18', 'conv1.weight'],
    ['resnet50d', 'conv1.0.weight'],
    ['resnetv2_50', 'stem.conv.weight'],
    ['resnetv2_50t', 'stem.conv1.weight'],
  ])('of %s are those of %s, and of nothing else', (name, key) => {
    const specs = (inChannels: number) => parameters(models.get(name)!({ inChannels }))
    for (const inChannels of [1, 4]) {
      const differing = specs(inChannels).filter((spec, index) => spec.shape.join() !== specs(3)[index]!.shape.join())
      expect(differing.map((spec) => [spec.key, spec.shape[1]])).toEqual([[key, inChannels]])
    }
  })
})

test('every model takes every option', () => {
  const options: ModelOptions = {
    numClasses: 3,
    inChannels: 4,
    outputStride: 8,
    globalPool: 'catavgmax',
    dropRate: 0.1,
    dropPathRate: 0.1,
    zeroInitResidual: true,
    shortcut: 'C',
  }
  for (const [name, factory] of models) {
    const graph = factory(options)
    expect(graph.name).toBe(name)
    expect(outputShapes(graph, [2, 64, 64, 4]).logits, name).toEqual([2, 3])
  }
})

test.each([
  [{ numClases: 3 }, "found 'numClases'; the nearest is 'numClasses'"],
  [{ num_classes: 3 }, "the nearest is 'numClasses'"],
  [{ preprocess: {} }, "found 'preprocess'"],
  [{ numClasses: '10' }, "a whole number of classes, found '10'"],
  [{ globalPool: 7 }, 'found 7'],
  [{ dropRate: '0.5' }, "a dropRate in [0, 1), found '0.5'"],
  [{ includeTop: 'false' }, "an includeTop of true or false, found 'false'"],
  [{ zeroInitResidual: 0 }, 'a zeroInitResidual of true or false, found 0'],
  [{ inChannels: '1' }, "found '1'"],
  [10, 'expected an object, found 10'],
])('no model takes %o', (options, said) => {
  for (const factory of [resnet18, resnetv2_50, keras_resnet50v2]) {
    expect(() => factory(options as ModelOptions)).toThrow(ResnetError)
    expect(() => factory(options as ModelOptions)).toThrow(said)
  }
})

describe('the open forms', () => {
  test('take an activation for all of their blocks and the stem', () => {
    const kinds = (graph: Graph) => new Set(nodesOf(graph, 'activation').map(({ attributes }) => attributes.kind))
    expect(kinds(resnet({ block: bottleneck, blocks, activation: silu }))).toEqual(new Set(['silu']))
    expect(kinds(resnetV2({ block: preActivationBottleneck, blocks, activation: silu, stem: 'deep' }))).toEqual(
      new Set(['silu']),
    )
  })

  test('take a block and channels for each stage', () => {
    const graph = resnet({ block: [basicBlock, bottleneck], blocks: [1, 1], channels: [16, 8], stem: cifarStem })
    expect(
      graph.scopes.filter(({ kind }) => kind !== 'stage' && kind !== 'downsample').map(({ kind }) => kind),
    ).toEqual(['basicBlock', 'bottleneck'])
    expect(outputShapes(graph, [1, 8, 8, 3]).embedding).toEqual([1, 32])
    expect(parameters(graph)[0]!.shape[0]).toBe(16)
  })

  test('take the channels of the stem', () => {
    const graph = resnet({ block: basicBlock, blocks: [1], channels: 16, stemChannels: 24 })
    expect(parameters(graph)[0]!.shape[0]).toBe(24)
    expect(parameters(graph).some(({ key }) => key === 'layer1.0.downsample.0.weight')).toBe(true)
  })

  test.each([
    ['blocks', { block: [basicBlock, bottleneck] }],
    ['channels', { channels: [16, 32] }],
    ['pruned widths', { pruned: [[{ inner: [8], output: 16 }]] }],
  ])('refuse %s of another number of stages', (_what, option) => {
    expect(() => resnet({ block: basicBlock, blocks: [1, 1, 1], ...option })).toThrow('one entry for each of 3 stages')
  })

  test.each([[[]], [[0]], [[2, -1]], [[1.5]]])('refuse stages of %o blocks', (counts) => {
    expect(() => resnet({ block: basicBlock, blocks: counts })).toThrow(OptionError)
    expect(() => resnetV2({ block: preActivationBasicBlock, blocks: counts })).toThrow(OptionError)
  })

  test('refuse a pre-activated block what it would not heed', () => {
    expect(() => resnet({ block: preActivationBottleneck, blocks, widthPerGroup: 128 })).toThrow(OptionError)
    expect(() => resnet({ block: basicBlock, blocks, groups: 2 })).toThrow(OptionError)
  })

  test('pad the stem of BiT with zeros before its pooling', () => {
    const graph = resnetv2_50x1_bit()
    expect(node(graph, 'maxPool', 'stem.pool')).toMatchObject({
      inputs: ['stem.pad'],
      attributes: { padding: [0, 0, 0, 0] },
    })
    expect(node(graph, 'pad', 'stem.pad').attributes).toMatchObject({ padding: [1, 1, 1, 1], mode: 'zero' })
    expect(
      nodesOf(graph, 'conv2d')
        .filter(({ attributes }) => attributes.standardise !== 1e-8)
        .map(({ name }) => name),
    ).toEqual(['head.fc'])
  })

  test('take a dashed shortcut', () => {
    const graph = resnet({ block: bottleneck, blocks, projection: averagePoolProjection })
    expect(nodesOf(graph, 'avgPool').map(({ name }) => name)).toEqual(
      [2, 3, 4].map((stage) => `layer${stage}.0.downsample.0`),
    )
  })
})
