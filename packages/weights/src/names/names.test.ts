import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import { recogniseNames, translate } from './index.js'

/** A checkpoint of these keys and shapes; each tensor's values count up from 0. */
function checkpointOf(shapes: Readonly<Record<string, readonly number[]>>): Checkpoint {
  const tensors = Object.entries(shapes).map(([key, shape]) => {
    const size = shape.reduce((product, side) => product * side, 1)
    return [key, { dtype: 'F32', shape, read: () => Float32Array.from({ length: size }, (_, index) => index) }] as const
  })
  return { format: 'safetensors', metadata: {}, tensors: new Map(tensors) }
}

function renames(keys: readonly string[], shapes: Readonly<Record<string, readonly number[]>> = {}) {
  const all = new Map(keys.map((key) => [key, shapes[key] ?? [1]]))
  const found = recogniseNames(all)
  return { source: found?.source, names: Object.fromEntries(keys.map((key) => [key, found?.rename(key)])) }
}

describe('torchvision and timm', () => {
  test.each(['', 'module.', '_orig_mod.', 'model.', 'module.model.'])('after the prefix %j', (prefix) => {
    expect(renames([`${prefix}layer1.0.conv1.weight`, `${prefix}fc.weight`, 'criterion.weight'])).toEqual({
      source: 'torchvision',
      names: {
        [`${prefix}layer1.0.conv1.weight`]: 'layer1.0.conv1.weight',
        [`${prefix}fc.weight`]: 'fc.weight',
        'criterion.weight': prefix === '' ? 'criterion.weight' : undefined,
      },
    })
  })

  test('of two copies the plain one', () => {
    const { names } = renames(['ema.layer1.0.conv1.weight', 'student.layer1.0.conv1.weight'])
    expect(names).toEqual({
      'ema.layer1.0.conv1.weight': undefined,
      'student.layer1.0.conv1.weight': 'layer1.0.conv1.weight',
    })
  })

  test('pre-activation networks', () => {
    expect(renames(['module.stages.0.blocks.0.conv1.weight']).names).toEqual({
      'module.stages.0.blocks.0.conv1.weight': 'stages.0.blocks.0.conv1.weight',
    })
  })
})

test('akamaster and kuangliu', () => {
  expect(
    renames([
      'module.layer1.0.conv1.weight',
      'module.layer2.0.shortcut.0.weight',
      'module.layer2.0.shortcut.1.running_var',
      'module.linear.bias',
      'module.linear.weight',
    ]),
  ).toEqual({
    source: 'akamaster',
    names: {
      'module.layer1.0.conv1.weight': 'layer1.0.conv1.weight',
      'module.layer2.0.shortcut.0.weight': 'layer2.0.downsample.0.weight',
      'module.layer2.0.shortcut.1.running_var': 'layer2.0.downsample.1.running_var',
      'module.linear.bias': 'fc.bias',
      'module.linear.weight': 'fc.weight',
    },
  })
})

describe('Hugging Face', () => {
  const names = {
    'embedder.embedder.convolution.weight': 'conv1.weight',
    'embedder.embedder.normalization.running_mean': 'bn1.running_mean',
    'encoder.stages.0.layers.0.shortcut.convolution.weight': 'layer1.0.downsample.0.weight',
    'encoder.stages.0.layers.0.shortcut.normalization.bias': 'layer1.0.downsample.1.bias',
    'encoder.stages.3.layers.2.layer.2.convolution.weight': 'layer4.2.conv3.weight',
    'encoder.stages.3.layers.2.layer.0.normalization.num_batches_tracked': 'layer4.2.bn1.num_batches_tracked',
  }

  test.each(['resnet.', '', 'model.resnet.'])('after the prefix %j', (prefix) => {
    const keys = Object.keys(names).map((key) => prefix + key)
    const head = `${prefix.replace('resnet.', '')}classifier.1.weight`
    expect(renames([...keys, head])).toEqual({
      source: 'huggingface',
      names: {
        ...Object.fromEntries(Object.entries(names).map(([key, name]) => [prefix + key, name])),
        [head]: 'fc.weight',
      },
    })
  })
})

describe('Keras', () => {
  test('names of the first networks, and the layouts of their weights', () => {
    const { tensors } = translate(
      checkpointOf({
        'conv1_conv/kernel:0': [1, 2, 3, 4],
        'conv1_bn/gamma': [4],
        'conv1_bn/moving_variance': [4],
        'resnet50/conv2_block1_1_conv/kernel': [1, 1, 4, 4],
        'conv2_block1_0_conv/bias': [4],
        'conv2_block1_0_bn/beta': [4],
        'conv5_block3_3_bn/moving_mean': [4],
        'my_classes/kernel': [4, 2],
        'my_classes/bias': [2],
        'optimizer/iteration': [],
      }),
    )
    expect([...tensors].map(([key, { shape }]) => [key, shape])).toEqual([
      ['conv1.weight', [4, 3, 1, 2]],
      ['bn1.weight', [4]],
      ['bn1.running_var', [4]],
      ['layer1.0.conv1.weight', [4, 4, 1, 1]],
      ['layer1.0.downsample.0.bias', [4]],
      ['layer1.0.downsample.1.bias', [4]],
      ['layer4.2.bn3.running_mean', [4]],
      ['fc.weight', [2, 4]],
      ['fc.bias', [2]],
    ])
    expect([...tensors.get('fc.weight')!.read()]).toEqual([0, 2, 4, 6, 1, 3, 5, 7])
    // Element [o, i, h, w] is the kernel's [h, w, i, o], at 12w + 4i + o for this one of height 1.
    const expected = [0, 1, 2, 3].flatMap((o) => [0, 1, 2].flatMap((i) => [0, 1].map((w) => 12 * w + 4 * i + o)))
    expect([...tensors.get('conv1.weight')!.read()]).toEqual(expected)
  })

  test('names of the second networks', () => {
    const { tensors } = translate(
      checkpointOf({
        'conv1_conv/kernel': [1, 1, 3, 4],
        'conv2_block1_preact_bn/gamma': [4],
        'conv2_block1_0_conv/kernel': [1, 1, 4, 4],
        'conv2_block1_1_conv/kernel': [1, 1, 4, 4],
        'conv2_block1_1_bn/gamma': [4],
        'conv5_block3_2_bn/gamma': [4],
        'conv5_block3_3_conv/bias': [4],
        'post_bn/beta': [4],
        'predictions/kernel': [4, 2],
      }),
    )
    expect([...tensors].map(([key, { shape }]) => [key, shape])).toEqual([
      ['stem.conv.weight', [4, 3, 1, 1]],
      ['stages.0.blocks.0.norm1.weight', [4]],
      ['stages.0.blocks.0.downsample.conv.weight', [4, 4, 1, 1]],
      ['stages.0.blocks.0.conv1.weight', [4, 4, 1, 1]],
      ['stages.0.blocks.0.norm2.weight', [4]],
      ['stages.3.blocks.2.norm3.weight', [4]],
      ['stages.3.blocks.2.conv3.bias', [4]],
      ['norm.bias', [4]],
      ['head.fc.weight', [2, 4, 1, 1]],
    ])
  })
})

describe('Keras without names of layers', () => {
  const first = { 'conv2d/kernel': [7, 7, 3, 64] }
  const block = {
    'conv2d_1/kernel': [1, 1, 64, 64],
    'conv2d_2/kernel': [3, 3, 64, 64],
    'conv2d_3/kernel': [1, 1, 64, 256],
    'conv2d_4/kernel': [1, 1, 64, 256],
  }
  const norms = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`batch_normalization${n > 0 ? `_${n}` : ''}/gamma`, [1]]),
    )

  test.each([
    [
      5,
      'keras',
      { 'conv2d_3/kernel': 'layer1.0.downsample.0.weight', 'batch_normalization_4/gamma': 'layer1.0.bn3.weight' },
    ],
    [
      4,
      'keras-v2',
      { 'conv2d_3/kernel': 'stages.0.blocks.0.downsample.conv.weight', 'batch_normalization_3/gamma': 'norm.weight' },
    ],
  ] as const)('with %d norms are of %s', (count, source, names) => {
    const shapes = { ...first, ...block, ...norms(count) }
    const found = renames(Object.keys(shapes), shapes)
    expect(found.source).toBe(source)
    expect(found.names).toMatchObject(names)
  })

  test.each([
    ['another first convolution', { ...first, 'conv2d/kernel': [3, 3, 3, 64], ...block, ...norms(5) }],
    ['a block of other sizes', { ...first, ...block, 'conv2d_2/kernel': [5, 5, 64, 64], ...norms(5) }],
    ['a block that is cut short', { ...first, ...block, ...norms(5), 'conv2d_5/kernel': [1, 1, 256, 64] }],
    ['other numbers of norms', { ...first, ...block, ...norms(9) }],
    ['no blocks', { ...first, ...norms(1) }],
  ])('of another network are nobody’s: %s', (_, shapes) => {
    expect(renames(Object.keys(shapes), shapes).source).toBeUndefined()
  })
})

describe('Gluon', () => {
  const kernel = (size: number) => [4, 4, size, size]

  test('bottlenecks', () => {
    const shapes = {
      resnetv17_conv0_weight: kernel(7),
      resnetv17_stage1_conv0_weight: kernel(1),
      resnetv17_stage1_conv1_weight: kernel(3),
      resnetv17_stage1_conv2_weight: kernel(1),
      resnetv17_stage1_conv3_weight: kernel(1),
      resnetv17_stage1_conv4_weight: kernel(1),
    }
    const keys = ['batchnorm0_gamma', 'stage1_conv2_bias', 'stage1_batchnorm3_running_mean', 'dense0_weight']
    const { source, names } = renames([...Object.keys(shapes), ...keys.map((key) => `resnetv17_${key}`)], shapes)
    expect(source).toBe('mxnet')
    expect(Object.values(names)).toEqual([
      'conv1.weight',
      'layer1.0.conv1.weight',
      'layer1.0.conv2.weight',
      'layer1.0.conv3.weight',
      'layer1.0.downsample.0.weight',
      'layer1.1.conv1.weight',
      'bn1.weight',
      'layer1.0.conv3.bias',
      'layer1.0.downsample.1.running_mean',
      'fc.weight',
    ])
  })

  test('basic blocks, whose first stage has no projection', () => {
    const shapes = {
      r_stage1_conv0_weight: kernel(3),
      r_stage1_conv1_weight: kernel(3),
      r_stage1_conv2_weight: kernel(3),
      r_stage1_conv3_weight: kernel(3),
      r_stage2_conv0_weight: kernel(3),
      r_stage2_conv1_weight: kernel(3),
      r_stage2_conv2_weight: kernel(1),
      r_stage2_conv3_weight: kernel(3),
    }
    expect(Object.values(renames(Object.keys(shapes), shapes).names)).toEqual([
      'layer1.0.conv1.weight',
      'layer1.0.conv2.weight',
      'layer1.1.conv1.weight',
      'layer1.1.conv2.weight',
      'layer2.0.conv1.weight',
      'layer2.0.conv2.weight',
      'layer2.0.downsample.0.weight',
      'layer2.1.conv1.weight',
    ])
  })

  test('the second version, in timm’s names, its norms numbered apart from its convolutions', () => {
    const shapes = {
      r_conv0_weight: kernel(7),
      r_stage1_conv0_weight: kernel(1),
      r_stage1_conv1_weight: kernel(3),
      r_stage1_conv2_weight: kernel(1),
      r_stage1_conv3_weight: kernel(1),
      r_stage1_conv4_weight: kernel(1),
      r_dense0_weight: [2, 4],
    }
    const norms = ['batchnorm0', 'batchnorm1', 'batchnorm2', 'stage1_batchnorm2', 'stage1_batchnorm3']
    const gammas = Object.fromEntries(norms.map((norm) => [`r_${norm}_gamma`, [4]]))
    const { source, names } = renames([...Object.keys(shapes), ...Object.keys(gammas)], shapes)
    expect(source).toBe('mxnet-v2')
    expect(Object.values(names)).toEqual([
      'stem.conv.weight',
      'stages.0.blocks.0.conv1.weight',
      'stages.0.blocks.0.conv2.weight',
      'stages.0.blocks.0.conv3.weight',
      'stages.0.blocks.0.downsample.conv.weight',
      'stages.0.blocks.1.conv1.weight',
      'head.fc.weight',
      'stem.norm0.weight',
      'stem.norm1.weight',
      'norm.weight',
      'stages.0.blocks.0.norm3.weight',
      'stages.0.blocks.1.norm1.weight',
    ])
    const { tensors } = translate(checkpointOf({ ...shapes, ...gammas }))
    expect(tensors.get('head.fc.weight')!.shape).toEqual([2, 4, 1, 1])
  })
})

test('anything else is left as it is', () => {
  const checkpoint = checkpointOf({ 'features.0.weight': [1] })
  expect(recogniseNames(new Map([['features.0.weight', [1]]]))).toBeUndefined()
  expect(translate(checkpoint)).toBe(checkpoint)
})

test('two tensors of one meaning are refused', () => {
  const checkpoint = checkpointOf({
    'layer1.0.conv1.weight': [1],
    'linear.weight': [1],
    'fc.weight': [1],
  })
  expect(() => translate(checkpoint)).toThrow(CheckpointError)
  expect(() => translate(checkpoint)).toThrow("expected one tensor for 'fc.weight', found two.")
})
