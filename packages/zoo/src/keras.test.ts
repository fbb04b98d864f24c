import { cost, inferShapes, parameters, sizeOf } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { findModel, keras_resnet50, keras_resnet50v2 } from './index.js'

// As keras.applications counts them: all, and those that are trained.
describe.each([
  ['keras_resnet50', 25_636_712, 25_583_592],
  ['keras_resnet101', 44_707_176, 44_601_832],
  ['keras_resnet152', 60_419_944, 60_268_520],
  ['keras_resnet50v2', 25_613_800, 25_568_360],
  ['keras_resnet101v2', 44_675_560, 44_577_896],
  ['keras_resnet152v2', 60_380_648, 60_236_904],
])('%s', (name, total, trainable) => {
  test(`has ${total} parameters, of which ${trainable} are trained`, () => {
    const specs = parameters(findModel(name)())
    const count = (list: typeof specs) => list.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    expect([count(specs), count(specs.filter((spec) => spec.trainable))]).toEqual([total, trainable])
  })
})

// As the model zoo of MXNet counts them: all.
test.each([
  ['gluon_resnet18_v2', 11_695_796],
  ['gluon_resnet34_v2', 21_811_380],
  ['gluon_resnet50_v2', 25_595_060],
  ['gluon_resnet101_v2', 44_639_412],
  ['gluon_resnet152_v2', 60_329_140],
])('%s has %d parameters', (name, total) => {
  const specs = parameters(findModel(name)())
  expect(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(total)
})

test('Gluon’s second networks have norms of the image and behind the first convolution', () => {
  const graph = findModel('gluon_resnet50_v2')()
  const stem = graph.nodes.filter(({ name }) => name.startsWith('stem.'))
  expect(stem.map(({ name, inputs }) => [name, ...inputs])).toEqual([
    ['stem.norm0', 'image'],
    ['stem.conv', 'stem.norm0'],
    ['stem.norm1', 'stem.conv'],
    ['stem.act1', 'stem.norm1'],
    ['stem.pool', 'stem.act1'],
  ])
  expect(inferShapes(graph, { image: [1, 224, 224, 3] }).get('stages.3.blocks.0.conv2')).toEqual([1, 7, 7, 512])
})

describe('strides', () => {
  const shapesOf = (graph: ReturnType<typeof keras_resnet50>) => inferShapes(graph, { image: [1, 224, 224, 3] })

  test('of the first networks are in the first convolution', () => {
    const shapes = shapesOf(keras_resnet50())
    expect(shapes.get('layer2.0.conv1')).toEqual([1, 28, 28, 128])
    expect(shapes.get('layer4.2.act3')).toEqual([1, 7, 7, 2048])
  })

  test('of the second are in the last block of a stage, and pooled in its shortcut', () => {
    const shapes = shapesOf(keras_resnet50v2())
    expect(shapes.get('stages.0.blocks.1.conv3')).toEqual([1, 56, 56, 256])
    expect(shapes.get('stages.0.blocks.2.conv1')).toEqual([1, 56, 56, 64])
    expect(shapes.get('stages.0.blocks.2.conv2')).toEqual([1, 28, 28, 64])
    expect(shapes.get('stages.0.blocks.2.downsample.pool')).toEqual([1, 28, 28, 256])
    expect(shapes.get('stages.3.blocks.2.conv3')).toEqual([1, 7, 7, 2048])
  })

  test('give way to dilation', () => {
    for (const factory of [keras_resnet50, keras_resnet50v2]) {
      const graph = factory({ outputStride: 8, includeTop: false })
      expect(shapesOf(graph).get(graph.outputs.features!)).toEqual([1, 28, 28, 2048])
    }
  })
})

test('Gluon’s first networks have biases in 1×1 convolutions of the branch alone', () => {
  const graph = findModel('gluon_resnet50_v1')()
  const biased = parameters(graph).filter(({ key }) => /(conv\d|downsample\.0)\.bias$/.test(key))
  expect(new Set(biased.map(({ key }) => key.replace(/^layer\d\.\d\./, '')))).toEqual(
    new Set(['conv1.bias', 'conv3.bias']),
  )
  expect(biased).toHaveLength(32)
  expect(cost(graph, inferShapes(graph, { image: [1, 224, 224, 3] })).total.parameters).toBe(25_557_032 + 18_880)
})

test('Keras takes blue first, and its own epsilon', () => {
  expect(keras_resnet50.preprocess.channelOrder).toBe('bgr')
  const epsilons = keras_resnet50().nodes.flatMap((node) => (node.op === 'batchNorm' ? [node.attributes.epsilon] : []))
  expect(new Set(epsilons)).toEqual(new Set([1.001e-5]))
})
