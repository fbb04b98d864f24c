import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cifarPredictions, goldenTensor, sharedFolder } from '@resnet-ts/golden'
import { parameters } from '@resnet-ts/graph'
import { bind, type Checkpoint, readCheckpoint, recogniseNames, translate } from '@resnet-ts/weights'
import { findModel, models, recognise } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'

// Checkpoints of other sources, by the names that they give their tensors: written out here from those sources'
// definitions, and bound to the zoo's networks.

type Shapes = Map<string, readonly number[]>

function checkpointOf(shapes: Shapes): Checkpoint {
  const tensors = [...shapes].map(
    ([key, shape]) => [key, { dtype: 'F32', shape, read: () => goldenTensor(key, shape) }] as const,
  )
  return { format: 'safetensors', metadata: {}, tensors: new Map(tensors) }
}

const shapesOf = ({ tensors }: Checkpoint) => new Map([...tensors].map(([key, { shape }]) => [key, shape]))

/** That such a checkpoint is of this source and model, and fits it to the last parameter. */
function expectModel(shapes: Shapes, source: string, name: string, folded = false): void {
  const checkpoint = checkpointOf(shapes)
  expect(recogniseNames(shapes)?.source).toBe(source)
  const found = recognise(shapesOf(translate(checkpoint)))
  expect(found).toMatchObject({ name, folded })
  const graph = models.get(found!.name)!(found!.options)
  expect(bind(graph, checkpoint).params.size).toBe(parameters(graph).length)
}

describe('Hugging Face transformers', () => {
  test.each([
    ['resnet18', 'basic', [2, 2, 2, 2], [64, 128, 256, 512]],
    ['resnet50', 'bottleneck', [3, 4, 6, 3], [256, 512, 1024, 2048]],
  ])('%s', (name, layerType, depths, hidden) => {
    const shapes: Shapes = new Map()
    const unit = (path: string, [out, input, kernel]: [number, number, number]) => {
      shapes.set(`${path}.convolution.weight`, [out, input, kernel, kernel])
      for (const key of ['weight', 'bias', 'running_mean', 'running_var'])
        shapes.set(`${path}.normalization.${key}`, [out])
      shapes.set(`${path}.normalization.num_batches_tracked`, [])
    }
    unit('resnet.embedder.embedder', [64, 3, 7])
    let input = 64
    depths.forEach((depth, stage) => {
      const output = hidden[stage]!
      for (let layer = 0; layer < depth; layer++) {
        const path = `resnet.encoder.stages.${stage}.layers.${layer}`
        if (input !== output) unit(`${path}.shortcut`, [output, input, 1])
        const inner = layerType === 'basic' ? output : output / 4
        const sizes: [number, number, number][] =
          layerType === 'basic'
            ? [
                [output, input, 3],
                [output, output, 3],
              ]
            : [
                [inner, input, 1],
                [inner, inner, 3],
                [output, inner, 1],
              ]
        sizes.forEach((size, index) => {
          unit(`${path}.layer.${index}`, size)
        })
        input = output
      }
    })
    shapes.set('classifier.1.weight', [5, input])
    shapes.set('classifier.1.bias', [5])
    expectModel(shapes, 'huggingface', name)
  })
})

describe('Keras', () => {
  const writers = (shapes: Shapes) => ({
    conv(layer: string, [height, input, output]: [number, number, number], bias = true) {
      shapes.set(`${layer}/kernel:0`, [height, height, input, output])
      if (bias) shapes.set(`${layer}/bias:0`, [output])
    },
    norm(layer: string, channels: number) {
      for (const key of ['gamma', 'beta', 'moving_mean', 'moving_variance']) shapes.set(`${layer}/${key}:0`, [channels])
    },
  })

  test('ResNet50', () => {
    const shapes: Shapes = new Map()
    const { conv, norm } = writers(shapes)
    conv('conv1_conv', [7, 3, 64])
    norm('conv1_bn', 64)
    let input = 64
    ;[3, 4, 6, 3].forEach((blocks, stage) => {
      const filters = 64 * 2 ** stage
      for (let block = 1; block <= blocks; block++) {
        const path = `conv${stage + 2}_block${block}`
        const sizes: [number, number, number][] = [
          [1, input, filters],
          [3, filters, filters],
          [1, filters, 4 * filters],
        ]
        if (block === 1) {
          conv(`${path}_0_conv`, [1, input, 4 * filters])
          norm(`${path}_0_bn`, 4 * filters)
        }
        sizes.forEach((size, index) => {
          conv(`${path}_${index + 1}_conv`, size)
          norm(`${path}_${index + 1}_bn`, size[2])
        })
        input = 4 * filters
      }
    })
    shapes.set('predictions/kernel:0', [2048, 1000])
    shapes.set('predictions/bias:0', [1000])
    expectModel(shapes, 'keras', 'keras_resnet50')
  })

  test('ResNet50V2', () => {
    const shapes: Shapes = new Map()
    const { conv, norm } = writers(shapes)
    conv('conv1_conv', [7, 3, 64])
    let input = 64
    ;[3, 4, 6, 3].forEach((blocks, stage) => {
      const filters = 64 * 2 ** stage
      for (let block = 1; block <= blocks; block++) {
        const path = `conv${stage + 2}_block${block}`
        norm(`${path}_preact_bn`, input)
        if (block === 1) conv(`${path}_0_conv`, [1, input, 4 * filters])
        conv(`${path}_1_conv`, [1, input, filters], false)
        norm(`${path}_1_bn`, filters)
        conv(`${path}_2_conv`, [3, filters, filters], false)
        norm(`${path}_2_bn`, filters)
        conv(`${path}_3_conv`, [1, filters, 4 * filters])
        input = 4 * filters
      }
    })
    norm('post_bn', 2048)
    shapes.set('predictions/kernel:0', [2048, 1000])
    shapes.set('predictions/bias:0', [1000])
    expectModel(shapes, 'keras-v2', 'keras_resnet50v2')
  })
})

describe('Keras 3, whose .weights.h5 names no layers', () => {
  type Layer = readonly [kind: 'conv2d' | 'batch_normalization' | 'dense', name: string, shape: readonly number[]]

  /** As `model.summary()` lists them: the dashed shortcut's layers stand just before the branch's last. */
  function layersOf(version: 1 | 2): readonly Layer[] {
    const layers: Layer[] = [['conv2d', 'conv1_conv', [7, 7, 3, 64]]]
    const conv = (name: string, ...shape: number[]) => layers.push(['conv2d', `${name}_conv`, shape])
    const norm = (name: string, channels: number) => layers.push(['batch_normalization', `${name}_bn`, [channels]])
    if (version === 1) norm('conv1', 64)
    let input = 64
    ;[3, 4, 6, 3].forEach((blocks, stage) => {
      const filters = 64 * 2 ** stage
      for (let block = 1; block <= blocks; block++) {
        const path = `conv${stage + 2}_block${block}`
        if (version === 2) norm(`${path}_preact`, input)
        conv(`${path}_1`, 1, 1, input, filters)
        norm(`${path}_1`, filters)
        conv(`${path}_2`, 3, 3, filters, filters)
        norm(`${path}_2`, filters)
        if (block === 1) conv(`${path}_0`, 1, 1, input, 4 * filters)
        conv(`${path}_3`, 1, 1, filters, 4 * filters)
        if (version === 1 && block === 1) norm(`${path}_0`, 4 * filters)
        if (version === 1) norm(`${path}_3`, 4 * filters)
        input = 4 * filters
      }
    })
    if (version === 2) norm('post', input)
    return [...layers, ['dense', 'predictions', [2048, 1000]]]
  }

  const hasBias = ([kind, name]: Layer, version: 1 | 2) =>
    kind === 'dense' || (kind === 'conv2d' && (version === 1 || /conv1_conv|_[03]_conv/.test(name)))

  test.each([
    [1, 'keras', 'keras_resnet50'],
    [2, 'keras-v2', 'keras_resnet50v2'],
  ] as const)('version %d', (version, source, model) => {
    const counts = new Map<string, number>()
    const numbered: Shapes = new Map()
    const named: Shapes = new Map()
    for (const layer of layersOf(version)) {
      const [kind, name, shape] = layer
      const count = counts.get(kind) ?? 0
      counts.set(kind, count + 1)
      const variables =
        kind === 'batch_normalization'
          ? ['gamma', 'beta', 'moving_mean', 'moving_variance']
          : ['kernel', ...(hasBias(layer, version) ? ['bias'] : [])]
      for (const variable of variables) {
        const size = variable === 'bias' ? shape.slice(-1) : shape
        numbered.set(`${count === 0 ? kind : `${kind}_${count}`}/${variable}`, size)
        named.set(`${name}/${variable}`, size)
      }
    }
    expectModel(numbered, source, model)
    const renames = (shapes: Shapes) => [...shapes.keys()].map(recogniseNames(shapes)!.rename)
    expect(renames(numbered)).toEqual(renames(named))
  })
})

describe('Gluon, as in the ONNX model zoo', () => {
  test.each([
    ['resnet18', 'resnet18', [2, 2, 2, 2], 1],
    ['resnet50_v1', 'gluon_resnet50_v1', [3, 4, 6, 3], 4],
  ])('%s', (_, name, depths, expansion) => {
    const shapes: Shapes = new Map()
    const prefix = 'resnetv17_'
    const norm = (path: string, channels: number) => {
      for (const key of ['gamma', 'beta', 'running_mean', 'running_var'])
        shapes.set(`${prefix}${path}_${key}`, [channels])
    }
    shapes.set(`${prefix}conv0_weight`, [64, 3, 7, 7])
    norm('batchnorm0', 64)
    let input = 64
    depths.forEach((depth, stage) => {
      let number = 0
      const unit = ([out, inputs, kernel]: [number, number, number], bias: boolean) => {
        shapes.set(`${prefix}stage${stage + 1}_conv${number}_weight`, [out, inputs, kernel, kernel])
        if (bias) shapes.set(`${prefix}stage${stage + 1}_conv${number}_bias`, [out])
        norm(`stage${stage + 1}_batchnorm${number++}`, out)
      }
      const width = 64 * 2 ** stage
      const output = width * expansion
      for (let block = 0; block < depth; block++) {
        const sizes: [number, number, number][] =
          expansion === 1
            ? [
                [width, input, 3],
                [width, width, 3],
              ]
            : [
                [width, input, 1],
                [width, width, 3],
                [output, width, 1],
              ]
        for (const size of sizes) unit(size, size[2] === 1)
        if (block === 0 && input !== output) unit([output, input, 1], false)
        input = output
      }
    })
    shapes.set(`${prefix}dense0_weight`, [1000, input])
    shapes.set(`${prefix}dense0_bias`, [1000])
    expectModel(shapes, 'mxnet', name)
  })
})

test.each([
  ['gluon_resnet18_v2', [2, 2, 2, 2], 1],
  ['gluon_resnet50_v2', [3, 4, 6, 3], 4],
])('Gluon’s second version, as in the ONNX model zoo: %s', (name, depths, expansion) => {
  const shapes: Shapes = new Map()
  const prefix = 'resnetv24_'
  const norm = (path: string, channels: number) => {
    for (const key of ['gamma', 'beta', 'running_mean', 'running_var'])
      shapes.set(`${prefix}${path}_${key}`, [channels])
  }
  norm('batchnorm0', 3)
  shapes.set(`${prefix}conv0_weight`, [64, 3, 7, 7])
  norm('batchnorm1', 64)
  let input = 64
  depths.forEach((depth, stage) => {
    const place = `stage${stage + 1}_`
    let [norms, convolutions] = [0, 0]
    const conv = (out: number, inputs: number, kernel: number) =>
      shapes.set(`${prefix}${place}conv${convolutions++}_weight`, [out, inputs, kernel, kernel])
    const width = 64 * 2 ** stage
    const output = width * expansion
    for (let block = 0; block < depth; block++) {
      const sizes = expansion === 1 ? [3, 3] : [1, 3, 1]
      const before = input
      for (const [index, kernel] of sizes.entries()) {
        norm(`${place}batchnorm${norms++}`, input)
        const out = index === sizes.length - 1 ? output : width
        conv(out, input, kernel)
        input = out
      }
      if (block === 0 && before !== output) conv(output, before, 1)
    }
  })
  norm('batchnorm2', input)
  shapes.set(`${prefix}dense0_weight`, [1000, input])
  shapes.set(`${prefix}dense0_bias`, [1000])
  expectModel(shapes, 'mxnet-v2', name)
})

describe.each(['', 'module.', '_orig_mod.'])('timm, after the prefix %j', (prefix) => {
  test.each(['resnet18', 'resnet50d', 'resnetv2_50', 'seresnet50', 'cifar_resnet20'])('%s', (name) => {
    const specs = parameters(findModel(name)())
    expectModel(new Map(specs.map(({ key, shape }) => [prefix + key, shape])), 'torchvision', name)
  })
})

test('timm, with its norms folded', () => {
  const shapes: Shapes = new Map()
  const graph = findModel('resnet50')()
  const own = new Map(parameters(graph).map(({ key, shape }) => [key, shape]))
  for (const { op, name } of graph.nodes) {
    if (op !== 'conv2d' && op !== 'linear') continue
    const weight = own.get(`${name}.weight`)!
    shapes.set(`${name}.weight`, weight)
    shapes.set(`${name}.bias`, [weight[0]!])
  }
  expectModel(shapes, 'torchvision', 'resnet50', true)
})

const published = join(sharedFolder() ?? '', 'golden', 'cifar10', cifarPredictions().checkpoint)
const reason = existsSync(published)
  ? ''
  : ` (skipped: no ${cifarPredictions().checkpoint} in the folder beside the clone)`

describe.skipIf(reason !== '')(`the published CIFAR-10 checkpoint, a legacy pickle${reason}`, () => {
  test('is a cifar_resnet20 with shortcut A, in akamaster’s names', async () => {
    const checkpoint = await readCheckpoint(published)
    expect(checkpoint).toMatchObject({ format: 'pytorch-legacy', part: 'state_dict', parts: ['state_dict'] })
    expectModel(new Map(shapesOf(checkpoint)), 'akamaster', 'cifar_resnet20')
    const graph = findModel('cifar_resnet20')()
    const { params, unexpected } = bind(graph, checkpoint)
    expect(unexpected).toEqual([])
    const values = [...params.values()].flatMap((param) => [...param.read()])
    // 269,722 that are trained, and the running statistics of 688 channels.
    expect(values).toHaveLength(269_722 + 2 * 688)
    expect(values.every(Number.isFinite)).toBe(true)
  })
})
