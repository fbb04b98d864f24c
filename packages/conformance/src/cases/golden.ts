import { type GoldenOp, type GoldenOpInput, goldenOps, goldenTensor, toNHWC } from '@resnet-ts/golden'
import {
  type ActivationKind,
  type GlobalPoolKind,
  GraphBuilder,
  type Padding,
  type Pair,
  type Tensor,
  tensor,
  type Value,
} from '@resnet-ts/graph'
import { type ConformanceCase, caseTolerance, type Tensors } from '../case.js'

/** One way to write an operation of PyTorch's as ours. */
interface Form {
  /** Follows the operation's name, where it has several forms. */
  readonly name?: string
  /** Of our inputs, where it is not PyTorch's: vectors `[n, c]` can be maps `[n, 1, 1, c]`. */
  readonly rank?: 4
  readonly write: (g: GraphBuilder, inputs: readonly Value[], op: GoldenOp) => Value
}

/** What PyTorch answers for single operations, on small tensors of odd sizes. */
export function goldenCases(): ConformanceCase[] {
  return goldenOps().flatMap((op) => {
    const found = forms[op.op]
    if (!found) throw new RangeError(`nobody said how to write PyTorch's ${op.op}`)
    return found.map((form) => goldenCase(op, form))
  })
}

function goldenCase(op: GoldenOp, form: Form): ConformanceCase {
  const g = new GraphBuilder(op.op)
  const inputs: Record<string, Tensor> = {}
  const values = op.inputs.map((input) => {
    inputs[input.key] = ours(input.shape, input.read(), form.rank)
    const { shape } = inputs[input.key]
    return g.input(input.key, { channels: shape.at(-1) as number, rank: shape.length === 4 ? 4 : 2 })
  })
  const output = form.write(g, values, op)
  g.output('output', output)
  return {
    name: `PyTorch: ${op.name}${form.name ? `, ${form.name}` : ''}`,
    graph: g.build(),
    params: paramsOf(op),
    inputs,
    expected: { output: ours(op.output.shape, op.output.data, output.type.rank) },
    tolerance: caseTolerance,
  }
}

function paramsOf({ parameters }: GoldenOp): Tensors {
  return Object.fromEntries(parameters.map(([key, shape]) => [key, tensor(shape, goldenTensor(key, shape))]))
}

/** A tensor in our order of axes: `[n, c, h, w]` as `[n, h, w, c]`, or as `[n, c]`; `[n, c]` as `[n, 1, 1, c]`. */
function ours(shape: GoldenOpInput['shape'], data: Float32Array, rank: 2 | 4 | undefined): Tensor {
  const [batch, channels] = shape
  if (rank === 2) return tensor([batch, channels], data)
  if (rank === 4 && shape.length === 2) return tensor([batch, 1, 1, channels], data)
  const moved = toNHWC(shape, data)
  return tensor(moved.shape, moved.data)
}

const vectors = { name: 'vectors' }
const pooledMaps = { name: 'maps of one pixel', rank: 4 } as const

/** How each of PyTorch's operations is written; those without a form have no counterpart among the ops of a graph. */
const forms: Readonly<Record<string, readonly Form[]>> = {
  conv2d: [{ write: convolution }],
  pad_conv2d: [{ write: convolution }],
  std_conv2d: [{ write: convolution }],
  batch_norm: [
    { rank: 4, write: (g, [x], { attributes }) => g.batchNorm(x, { name: 'bn', epsilon: attributes.eps as number }) },
  ],
  group_norm: [
    {
      write: (g, [x], { attributes }) =>
        g.groupNorm(x, { name: 'gn', groups: attributes.num_groups as number, epsilon: attributes.eps as number }),
    },
  ],
  max_pool2d: [{ write: (g, [x], op) => g.maxPool(x, poolWindow(op)) }],
  avg_pool2d: [
    {
      write: (g, [x], op) =>
        g.avgPool(x, { ...poolWindow(op), countIncludePad: op.attributes.count_include_pad as boolean }),
    },
  ],
  blur_pool2d: [
    {
      write: (g, [x], { attributes }) =>
        g.blurPool(x, { kernel: attributes.kernel as number, stride: attributes.stride as number }),
    },
  ],
  adaptive_avg_pool2d: globalPooling('avg'),
  adaptive_max_pool2d: globalPooling('max'),
  adaptive_avgmax_pool2d: globalPooling('avgmax'),
  adaptive_catavgmax_pool2d: globalPooling('catavgmax'),
  linear: [{ write: linear }],
  softmax: [
    { ...vectors, write: (g, [x]) => g.softmax(x) },
    { ...pooledMaps, write: (g, [x]) => g.softmax(x) },
  ],
  channel_conv1d: [
    { ...vectors, write: channelConvolution },
    { ...pooledMaps, write: channelConvolution },
  ],
  relu: activation('relu'),
  relu6: activation('relu6'),
  leaky_relu: activation('leakyRelu'),
  silu: activation('silu'),
  sigmoid: activation('sigmoid'),
  hardsigmoid: [],
  add: [{ write: (g, [x, y]) => g.add(x, y) }],
  mul: [{ write: (g, [x, y]) => g.multiply(x, y) }],
  cat: [{ write: (g, values) => g.concat(values) }],
  pad: [{ write: padding }],
}

function convolution(g: GraphBuilder, [x]: readonly Value[], { attributes, parameters }: GoldenOp): Value {
  const [[, [channels, , ...kernel]], bias] = parameters
  const symmetric = attributes.padding as Pair
  const [left, right, top, bottom] = (attributes.pad as number[] | undefined) ?? [0, 0, 0, 0]
  return g.conv2d(x, {
    name: 'conv',
    channels,
    kernel: kernel as unknown as Pair,
    stride: attributes.stride as Pair,
    padding: [top + symmetric[0], right + symmetric[1], bottom + symmetric[0], left + symmetric[1]],
    dilation: attributes.dilation as Pair,
    groups: attributes.groups as number,
    bias: bias !== undefined,
    standardise: attributes.eps as number | undefined,
  })
}

function poolWindow({ attributes }: GoldenOp) {
  const [vertical, horizontal] = attributes.padding as Pair
  return {
    kernel: attributes.kernel_size as Pair,
    stride: attributes.stride as Pair,
    padding: [vertical, horizontal, vertical, horizontal] as Padding,
    ceilMode: attributes.ceil_mode as boolean,
  }
}

function globalPooling(kind: GlobalPoolKind): Form[] {
  return [
    { name: 'to a vector', write: (g, [x]) => g.globalPool(x, { kind }) },
    { name: 'to a map', write: (g, [x]) => g.globalPool(x, { kind, keepDimensions: true }) },
  ]
}

function linear(g: GraphBuilder, [x]: readonly Value[], { parameters }: GoldenOp): Value {
  const [[, [channels]], bias] = parameters
  return g.linear(x, { name: 'fc', channels, bias: bias !== undefined })
}

function channelConvolution(g: GraphBuilder, [x]: readonly Value[], { parameters }: GoldenOp): Value {
  const [[, [, , kernel]]] = parameters
  return g.channelConv1d(x, { name: 'conv', kernel })
}

function activation(kind: ActivationKind): Form[] {
  return [{ write: (g, [x]) => g.activation(x, kind) }]
}

function padding(g: GraphBuilder, [x]: readonly Value[], { attributes }: GoldenOp): Value {
  const [left, right, top, bottom, before = 0, after = 0] = attributes.pad as number[]
  return g.pad(x, {
    padding: [top, right, bottom, left],
    channels: [before, after],
    mode: attributes.mode === 'reflect' ? 'reflect' : 'zero',
  })
}
