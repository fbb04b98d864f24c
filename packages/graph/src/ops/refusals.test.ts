import { describe, expect, test } from 'vitest'
import { GraphError, ShapeError } from '../errors.js'
import { failAt, inferType, type Node } from '../graph.js'
import type { Shape } from '../tensor.js'
import { refusal } from '../testing/errors.js'
import { featureMap, type ValueType, vector } from '../value.js'
import { type OpName, ops } from './index.js'

const map = featureMap(8)
const whole = { start: 0, stop: null, step: 1 }

/** Attributes that each op takes, for an input of 8 channels. */
const good = {
  input: { rank: 4, channels: 3 },
  conv2d: {
    inChannels: 8,
    outChannels: 4,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1, 1, 1],
    dilation: [1, 1],
    groups: 2,
    bias: false,
  },
  batchNorm: { channels: 8, epsilon: 1e-5, zeroInit: false },
  groupNorm: { channels: 8, groups: 4, epsilon: 1e-5, zeroInit: false },
  activation: { kind: 'relu' },
  add: {},
  multiply: {},
  maxPool: { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], ceilMode: false },
  avgPool: { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], ceilMode: false, countIncludePad: true },
  blurPool: { kernel: 3, stride: 2 },
  globalPool: { kind: 'avg', keepDimensions: false },
  linear: { inChannels: 8, outChannels: 5, bias: true },
  channelConv1d: { kernel: 3 },
  pad: { padding: [0, 1, 2, 3], channels: [0, 0], mode: 'zero' },
  slice: { rows: whole, columns: whole, channels: whole },
  concat: {},
  dropout: { rate: 0.5 },
  dropPath: { rate: 0 },
  softmax: {},
} as const

type Changes = Readonly<Record<string, unknown>>

/** The channel rule with attributes that types would not let through. */
function infer(op: OpName, inputs: readonly ValueType[], changes: Changes): ValueType {
  return inferType({ name: 'it', op, attributes: { ...good[op], ...changes } as unknown as Node['attributes'] }, inputs)
}

function shapeOf(op: OpName, inputs: readonly Shape[], changes: Changes): Shape {
  const attributes = { ...good[op], ...changes } as never
  return ops[op].shape(inputs, attributes, failAt({ name: 'it', op }, ShapeError))
}

test.each(Object.keys(good) as OpName[])('%s takes the attributes that the refusals below start from', (op) => {
  const inputs = { input: [], add: [map, map], multiply: [map, map], linear: [vector(8)] }[op as 'input'] ?? [map]
  expect(() => infer(op, inputs, {})).not.toThrow()
})

describe('the channel rules refuse', () => {
  const epilogue = (residual: unknown, activation: unknown) => ({ epilogue: { residual, activation } })

  test.each<[OpName, readonly ValueType[], Changes, expected: string, found: string]>([
    ['input', [map], {}, '0 inputs', '1'],
    ['input', [], { rank: 3 }, 'rank 2 or 4', '3'],
    ['input', [], { rank: '4' }, 'rank 2 or 4', "'4'"],
    ['input', [], { channels: 0 }, 'channels to be whole and at least 1', '0'],
    ['input', [], { channels: 1.5 }, 'channels to be whole and at least 1', '1.5'],
    ['input', [], { channels: Number.NaN }, 'channels to be whole and at least 1', 'NaN'],
    ['input', [], { channels: '3' }, 'channels to be whole and at least 1', "'3'"],
    ['input', [], { channels: 2 ** 53 }, 'channels to be whole and at least 1', '9007199254740992'],

    ['conv2d', [], {}, '1 or 2 inputs', '0'],
    ['conv2d', [map, map, map], {}, '1 or 2 inputs', '3'],
    ['conv2d', [map, map], {}, '1 input', '2'],
    ['conv2d', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['conv2d', [map], { kernel: [0, 3] }, 'kernel to be 2 whole numbers of at least 1', '[0, 3]'],
    ['conv2d', [map], { kernel: [3] }, 'kernel to be 2 whole numbers of at least 1', '[3]'],
    ['conv2d', [map], { kernel: [3, 3, 3] }, 'kernel to be 2 whole numbers of at least 1', '[3, 3, 3]'],
    ['conv2d', [map], { kernel: new Array(2) }, 'kernel to be 2 whole numbers of at least 1', '[undefined, undefined]'],
    ['conv2d', [map], { kernel: undefined }, 'kernel to be 2 whole numbers of at least 1', 'undefined'],
    ['conv2d', [map], { stride: [1, 0] }, 'stride to be 2 whole numbers of at least 1', '[1, 0]'],
    ['conv2d', [map], { padding: [1, 1, 1, -1] }, 'padding to be 4 whole numbers of at least 0', '[1, 1, 1, -1]'],
    ['conv2d', [map], { padding: [1, 1] }, 'padding to be 4 whole numbers of at least 0', '[1, 1]'],
    ['conv2d', [map], { padding: 1 }, 'padding to be 4 whole numbers of at least 0', '1'],
    ['conv2d', [map], { dilation: [0, 1] }, 'dilation to be 2 whole numbers of at least 1', '[0, 1]'],
    ['conv2d', [map], { dilation: undefined }, 'dilation to be 2 whole numbers of at least 1', 'undefined'],
    ['conv2d', [map], { ceilMode: true }, 'no ceilMode, which poolings alone have', 'true'],
    ['conv2d', [map], { inChannels: 6 }, '6 channels', '8'],
    ['conv2d', [map], { outChannels: 0 }, 'channels to be whole and at least 1', '0'],
    ['conv2d', [map], { groups: 0 }, 'groups to be whole and at least 1', '0'],
    ['conv2d', [map], { groups: 3, outChannels: 6 }, 'channels that 3 groups divide', '8 → 6'],
    ['conv2d', [map], { groups: 8 }, 'channels that 8 groups divide', '8 → 4'],
    ['conv2d', [map], { bias: 1 }, 'bias to be true or false', '1'],
    ['conv2d', [map], { standardise: 0 }, 'an epsilon above zero', '0'],
    ['conv2d', [map], { standardise: -1e-8 }, 'an epsilon above zero', '-1e-8'],
    ['conv2d', [map], { standardise: Number.NaN }, 'an epsilon above zero', 'NaN'],
    ['conv2d', [map], { standardise: Number.POSITIVE_INFINITY }, 'an epsilon above zero', 'Infinity'],
    ['conv2d', [map], { standardise: true }, 'an epsilon above zero', 'true'],
    ['conv2d', [map], { standardise: null }, 'an epsilon above zero', 'null'],
    ['conv2d', [map], { zeroInit: 1 }, 'zeroInit to be true or false', '1'],
    ['conv2d', [map], { epilogue: null }, 'an epilogue', 'null'],
    ['conv2d', [map], epilogue(undefined, null), "the epilogue's residual to be true or false", 'undefined'],
    ['conv2d', [map], epilogue(false, 'gelu'), 'one of relu, relu6, leakyRelu, silu, sigmoid', "'gelu'"],
    ['conv2d', [map], epilogue(true, null), '2 inputs', '1'],
    ['conv2d', [map, map], epilogue(false, 'relu'), '1 input', '2'],
    ['conv2d', [map, map], epilogue(true, null), 'a residual of 4 channels', '8'],
    ['conv2d', [map, vector(4)], epilogue(true, null), 'a feature map [n, h, w, c]', 'a value of rank 2'],

    ['batchNorm', [map, map], {}, '1 input', '2'],
    ['batchNorm', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['batchNorm', [map], { channels: 4 }, '4 channels', '8'],
    ['batchNorm', [map], { epsilon: 0 }, 'an epsilon above zero', '0'],
    ['batchNorm', [map], { epsilon: Number.NaN }, 'an epsilon above zero', 'NaN'],
    ['batchNorm', [map], { epsilon: Number.POSITIVE_INFINITY }, 'an epsilon above zero', 'Infinity'],
    ['batchNorm', [map], { epsilon: '1e-5' }, 'an epsilon above zero', "'1e-5'"],
    ['batchNorm', [map], { zeroInit: undefined }, 'zeroInit to be true or false', 'undefined'],

    ['groupNorm', [], {}, '1 input', '0'],
    ['groupNorm', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['groupNorm', [map], { channels: 4 }, '4 channels', '8'],
    ['groupNorm', [map], { groups: 0.5 }, 'groups to be whole and at least 1', '0.5'],
    ['groupNorm', [map], { groups: 3 }, 'channels that 3 groups divide', '8'],
    ['groupNorm', [map], { epsilon: -1 }, 'an epsilon above zero', '-1'],
    ['groupNorm', [map], { zeroInit: 'no' }, 'zeroInit to be true or false', "'no'"],

    ['activation', [map, map], {}, '1 input', '2'],
    ['activation', [map], { kind: 'gelu' }, 'one of relu, relu6, leakyRelu, silu, sigmoid', "'gelu'"],
    ['activation', [map], { kind: undefined }, 'one of relu, relu6, leakyRelu, silu, sigmoid', 'undefined'],

    ['add', [map], {}, '2 inputs', '1'],
    ['add', [map, featureMap(4)], {}, 'two values of the same shape', '[n, h, w, 8] and [n, h, w, 4]'],
    ['add', [map, vector(8)], {}, 'two values of the same shape', '[n, h, w, 8] and [n, 8]'],

    ['multiply', [map], {}, '2 inputs', '1'],
    ['multiply', [map, featureMap(4)], {}, 'two values of the same rank and channels', '[n, h, w, 8] and [n, h, w, 4]'],
    ['multiply', [map, vector(8)], {}, 'two values of the same rank and channels', '[n, h, w, 8] and [n, 8]'],

    ...(['maxPool', 'avgPool'] as const).flatMap((op): [OpName, ValueType[], Changes, string, string][] => [
      [op, [map, map], {}, '1 input', '2'],
      [op, [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
      [op, [map], { kernel: [2, 0] }, 'kernel to be 2 whole numbers of at least 1', '[2, 0]'],
      [op, [map], { stride: null }, 'stride to be 2 whole numbers of at least 1', 'null'],
      [op, [map], { padding: [-1, 0, 0, 0] }, 'padding to be 4 whole numbers of at least 0', '[-1, 0, 0, 0]'],
      [op, [map], { kernel: [2, 4], padding: [2, 2, 0, 2] }, 'padding of at most half the kernel 2×4', '2, 2, 0, 2'],
      [op, [map], { kernel: [4, 2], padding: [2, 2, 0, 0] }, 'padding of at most half the kernel 4×2', '2, 2, 0, 0'],
      [op, [map], { ceilMode: undefined }, 'ceilMode to be true or false', 'undefined'],
      [op, [map], { dilation: [2, 2] }, 'no dilation, which convolutions alone have', '[2, 2]'],
    ]),
    ['avgPool', [map], { countIncludePad: 0 }, 'countIncludePad to be true or false', '0'],

    ['blurPool', [map, map], {}, '1 input', '2'],
    ['blurPool', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['blurPool', [map], { kernel: 1 }, 'kernel to be whole and at least 2', '1'],
    ['blurPool', [map], { kernel: 2.5 }, 'kernel to be whole and at least 2', '2.5'],
    ['blurPool', [map], { kernel: [3, 3] }, 'kernel to be whole and at least 2', '[3, 3]'],
    ['blurPool', [map], { kernel: undefined }, 'kernel to be whole and at least 2', 'undefined'],
    ['blurPool', [map], { stride: 0 }, 'stride to be whole and at least 1', '0'],
    ['blurPool', [map], { stride: '2' }, 'stride to be whole and at least 1', "'2'"],

    ['globalPool', [map, map], {}, '1 input', '2'],
    ['globalPool', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['globalPool', [map], { kind: 'mean' }, 'one of avg, max, avgmax, catavgmax', "'mean'"],
    ['globalPool', [map], { keepDimensions: null }, 'keepDimensions to be true or false', 'null'],

    ['linear', [], {}, '1 input', '0'],
    ['linear', [map], {}, 'a vector [n, c]', 'a value of rank 4'],
    ['linear', [vector(4)], {}, '8 channels', '4'],
    ['linear', [vector(8)], { outChannels: -1 }, 'channels to be whole and at least 1', '-1'],
    ['linear', [vector(8)], { bias: undefined }, 'bias to be true or false', 'undefined'],

    ['channelConv1d', [map, map], {}, '1 input', '2'],
    ['channelConv1d', [map], { kernel: 0 }, 'kernel to be whole and at least 1', '0'],
    ['channelConv1d', [map], { kernel: 4 }, 'an odd kernel', '4'],

    ['pad', [map, map], {}, '1 input', '2'],
    ['pad', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['pad', [map], { padding: [0.5, 0, 0, 0] }, 'padding to be 4 whole numbers of at least 0', '[0.5, 0, 0, 0]'],
    ['pad', [map], { channels: [0, -1] }, 'channels to be 2 whole numbers of at least 0', '[0, -1]'],
    ['pad', [map], { mode: 'edge' }, 'one of zero, reflect', "'edge'"],
    ['pad', [map], { mode: 'reflect', channels: [0, 1] }, 'no channels added by reflection', '0, 1'],

    ['slice', [map, map], {}, '1 input', '2'],
    ['slice', [vector(8)], {}, 'a feature map [n, h, w, c]', 'a value of rank 2'],
    ['slice', [map], { rows: undefined }, 'a range of each axis', 'undefined'],
    ['slice', [map], { columns: { ...whole, step: 0 } }, 'step to be whole and at least 1', '0'],
    ['slice', [map], { rows: { ...whole, start: 0.5 } }, 'start and stop to be whole', '[0.5, null]'],
    ['slice', [map], { rows: { ...whole, stop: '2' } }, 'start and stop to be whole', "[0, '2']"],
    ['slice', [map], { channels: { start: 8, stop: null, step: 2 } }, 'at least one channel', '8::2'],
    ['slice', [map], { channels: { start: -2, stop: 5, step: 1 } }, 'at least one channel', '-2:5'],

    ['concat', [], {}, 'at least 1 input', '0'],
    ['concat', [map, vector(8)], {}, 'values of one rank', 'several'],

    ['softmax', [map, map], {}, '1 input', '2'],
    ...(['dropout', 'dropPath'] as const).flatMap((op): [OpName, ValueType[], Changes, string, string][] => [
      [op, [], {}, '1 input', '0'],
      [op, [map], { rate: 1 }, 'a rate in [0, 1)', '1'],
      [op, [map], { rate: -0.1 }, 'a rate in [0, 1)', '-0.1'],
      [op, [map], { rate: Number.NaN }, 'a rate in [0, 1)', 'NaN'],
      [op, [map], { rate: '0.5' }, 'a rate in [0, 1)', "'0.5'"],
    ]),
  ])('%s(%o) with %o', (op, inputs, changes, expected, found) => {
    expect(refusal(() => infer(op, inputs, changes))).toMatchObject({
      name: GraphError.name,
      subject: `node 'it' (${op})`,
      expected,
      found,
    })
  })
})

describe('the shape rules refuse', () => {
  const residual = { epilogue: { residual: true, activation: null } }
  const range = (start: number, stop: number | null) => ({ start, stop, step: 1 })

  test.each<[OpName, readonly Shape[], Changes, expected: string, found: string]>([
    ['input', [], {}, 'its shape from the caller', 'none'],
    ['conv2d', [[1, 2, 9, 8]], { padding: [0, 0, 0, 0] }, 'a map at least 3 pixels high', '2×9'],
    ['conv2d', [[1, 9, 2, 8]], { dilation: [2, 2] }, 'a map at least 3 pixels wide', '9×2'],
    [
      'conv2d',
      [
        [1, 5, 5, 8],
        [1, 5, 4, 4],
      ],
      residual,
      'a residual of shape [1, 5, 5, 4]',
      '[1, 5, 4, 4]',
    ],
    [
      'conv2d',
      [
        [2, 5, 5, 8],
        [1, 5, 5, 4],
      ],
      residual,
      'a residual of shape [2, 5, 5, 4]',
      '[1, 5, 5, 4]',
    ],
    [
      'add',
      [
        [1, 2, 3, 8],
        [1, 3, 2, 8],
      ],
      {},
      'two values of the same shape',
      '[1, 2, 3, 8] and [1, 3, 2, 8]',
    ],
    [
      'multiply',
      [
        [1, 2, 3, 8],
        [1, 2, 1, 8],
      ],
      {},
      'a second value of shape [1, 2, 3, 8] or a gate [n, 1, 1, c]',
      '[1, 2, 1, 8]',
    ],
    [
      'multiply',
      [
        [2, 2, 3, 8],
        [1, 1, 1, 8],
      ],
      {},
      'a second value of shape [2, 2, 3, 8] or a gate [n, 1, 1, c]',
      '[1, 1, 1, 8]',
    ],
    [
      'multiply',
      [
        [1, 1, 1, 8],
        [1, 2, 2, 8],
      ],
      {},
      'a second value of shape [1, 1, 1, 8] or a gate [n, 1, 1, c]',
      '[1, 2, 2, 8]',
    ],
    [
      'multiply',
      [
        [2, 8],
        [1, 8],
      ],
      {},
      'a second value of shape [2, 8] or a gate [n, 1, 1, c]',
      '[1, 8]',
    ],
    ['maxPool', [[1, 4, 0, 8]], {}, 'a map at least 1 pixels wide', '4×0'],
    ['avgPool', [[1, 1, 4, 8]], {}, 'a map at least 2 pixels high', '1×4'],
    ['avgPool', [[1, 1, 4, 8]], { kernel: [4, 1], ceilMode: true }, 'a map at least 3 pixels high', '1×4'],
    // What is reflected lies inside the map; and with a kernel of 2 nothing is, so that the window must fit.
    ['blurPool', [[1, 1, 5, 8]], {}, 'a map of at least 2 pixels', '1×5'],
    ['blurPool', [[1, 5, 1, 8]], {}, 'a map of at least 2 pixels', '5×1'],
    ['blurPool', [[1, 2, 9, 8]], { kernel: 5 }, 'a map of at least 3 pixels', '2×9'],
    ['blurPool', [[1, 4, 1, 8]], { kernel: 2, stride: 1 }, 'a map at least 2 pixels wide', '4×1'],
    ['channelConv1d', [[1, 2, 1, 8]], {}, 'pooled values [n, 1, 1, c]', '[1, 2, 1, 8]'],
    ['channelConv1d', [[1, 1, 2, 8]], {}, 'pooled values [n, 1, 1, c]', '[1, 1, 2, 8]'],
    ['pad', [[1, 2, 9, 8]], { mode: 'reflect', padding: [0, 0, 2, 0] }, 'a map larger than what is reflected', '2×9'],
    ['pad', [[1, 9, 3, 8]], { mode: 'reflect', padding: [0, 0, 0, 3] }, 'a map larger than what is reflected', '9×3'],
    ['slice', [[1, 4, 4, 8]], { rows: range(4, null) }, 'at least one element on each axis', '[0, 4, 8]'],
    ['slice', [[1, 4, 4, 8]], { columns: range(0, -4) }, 'at least one element on each axis', '[4, 0, 8]'],
    [
      'concat',
      [
        [1, 2, 2, 3],
        [1, 2, 3, 3],
      ],
      {},
      'values of the same shape but for their channels',
      '[1, 2, 2, 3] [1, 2, 3, 3]',
    ],
    [
      'concat',
      [
        [1, 3],
        [2, 3],
      ],
      {},
      'values of the same shape but for their channels',
      '[1, 3] [2, 3]',
    ],
  ])('%s(%o) with %o', (op, inputs, changes, expected, found) => {
    expect(refusal(() => shapeOf(op, inputs, changes))).toMatchObject({
      name: ShapeError.name,
      subject: `node 'it' (${op})`,
      expected,
      found,
    })
  })
})
