import {
  blurFilter,
  blurPadding,
  type GlobalPoolKind,
  type Node,
  type Padding,
  type Pair,
  resolveRange,
  type Shape,
  sizeOf,
} from '@resnet-ts/graph'
import { activationNumber, type Planned } from './convolutions.js'
import { contiguousInput, floatBits, type PlannedOp, planOp, stridesOf } from './layout.js'
import type { Site } from './site.js'
import { refuse } from './steps.js'

/** The ops of a step that is no convolution. */
export function otherOps(site: Site): Planned {
  const { node, parts } = site.step
  if (parts) return { ops: [pointwiseOp(site)], scratchBytes: 0 }
  switch (node.op) {
    case 'maxPool':
    case 'avgPool':
      return { ops: [poolOp(site, node)], scratchBytes: 0 }
    case 'blurPool':
      return { ops: [blurOp(site, node)], scratchBytes: 0 }
    case 'globalPool':
      return { ops: [globalPoolOp(site, node)], scratchBytes: 0 }
    case 'groupNorm':
      return { ops: [groupNormOp(site, node)], scratchBytes: node.attributes.channels * 16 + 64 }
    case 'channelConv1d':
      return { ops: [channelsOp(site, 'channelConv1d', node.attributes.kernel)], scratchBytes: 0 }
    case 'softmax':
      return { ops: [channelsOp(site, 'softmax', 0)], scratchBytes: 0 }
    case 'pad':
      return { ops: padOps(site, node), scratchBytes: 0 }
    case 'slice':
      return { ops: [sliceOp(site, node)], scratchBytes: 0 }
    case 'concat':
      return { ops: concatOps(site), scratchBytes: 0 }
    default:
      return refuse(node)
  }
}

const shapeOf = ({ shapes }: Site, value: string) => shapes.get(value) as Shape
const inputShape = (site: Site) => shapeOf(site, site.step.inputs[0])
const outputShape = (site: Site) => shapeOf(site, site.step.output)

/** Rows of channels in a value, whatever its rank. */
const rowsOf = (shape: Shape) => sizeOf(shape.slice(0, -1))

/** Values in an item of the ops that do little with each. */
const valuesPerItem = 1 << 15

function pointwiseOp(site: Site): PlannedOp {
  const { node, inputs, output, activation, parts } = site.step
  const shape = outputShape(site)
  const channels = shape.at(-1) as number
  const pixels = rowsOf(shape)
  const { norm, factor, addend } = parts!
  const scale = norm ? site.prepared.placements.get(norm.name)! : undefined
  const isGate = factor !== undefined && shapeOf(site, factor).join() !== shape.join()
  const pixelsPerItem = Math.max(1, Math.floor(valuesPerItem / channels))
  return planOp(node.name, 'pointwise', Math.ceil(pixels / pixelsPerItem), {
    input: site.at(inputs[0]),
    output: site.at(output),
    scale: scale?.weights ?? 0,
    shift: scale?.bias ?? 0,
    gate: isGate ? site.at(factor) : 0,
    factor: factor !== undefined && !isGate ? site.at(factor) : 0,
    addend: addend === undefined ? 0 : site.at(addend),
    pixels,
    pixelsPerImage: pixels / shape[0],
    pixelsPerItem,
    channels,
    activation: activationNumber(activation),
  })
}

/** The numbers of the modes in assembly/pool.ts. */
const poolModes = { maxPool: 0, avgPool: 1, blurPool: 2 } as const

interface SlidingWindow {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
}

function windowOp(
  site: Site,
  mode: number,
  { kernel, stride, padding }: SlidingWindow,
  rest: { filter: number; countPadding: number },
) {
  const [, inHeight, inWidth, channels] = inputShape(site)
  const [batch, outHeight, outWidth] = outputShape(site)
  return planOp(site.step.node.name, 'pool', batch * outHeight, {
    input: site.at(site.step.inputs[0]),
    output: site.at(site.step.output),
    mode,
    ...{ inHeight, inWidth, channels, outHeight, outWidth },
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideY: stride[0],
    strideX: stride[1],
    top: padding[0],
    right: padding[1],
    bottom: padding[2],
    left: padding[3],
    ...rest,
  })
}

function poolOp(site: Site, { op, attributes }: Node<'maxPool'> | Node<'avgPool'>): PlannedOp {
  const countPadding = Number('countIncludePad' in attributes && attributes.countIncludePad)
  return windowOp(site, poolModes[op], attributes, { filter: 0, countPadding })
}

function blurOp(site: Site, { name, attributes }: Node<'blurPool'>): PlannedOp {
  const { kernel, stride } = attributes
  const side = blurPadding(attributes)
  const sliding = { kernel: [kernel, kernel], stride: [stride, stride], padding: [side, side, side, side] } as const
  return windowOp(site, poolModes.blurPool, sliding, {
    filter: site.prepared.placements.get(name)!.weights,
    countPadding: 0,
  })
}

/** The blur's filter in both directions. */
export function blurWeights(attributes: Node<'blurPool'>['attributes']): Float32Array {
  const filter = blurFilter(attributes)
  return Float32Array.from(filter.flatMap((down) => filter.map((across) => down * across)))
}

const globalPoolModes: Record<GlobalPoolKind, number> = { avg: 0, max: 1, avgmax: 2, catavgmax: 3 }

function globalPoolOp(site: Site, { name, attributes }: Node<'globalPool'>): PlannedOp {
  const [batch, height, width, channels] = inputShape(site)
  const channelsPerItem = Math.max(32, Math.ceil(valuesPerItem / (height * width) / 32) * 32)
  return planOp(name, 'globalPool', batch * Math.ceil(channels / channelsPerItem), {
    input: site.at(site.step.inputs[0]),
    output: site.at(site.step.output),
    mode: globalPoolModes[attributes.kind],
    pixels: height * width,
    channels,
    channelsPerItem,
  })
}

function groupNormOp(site: Site, { name, attributes }: Node<'groupNorm'>): PlannedOp {
  const [batch, height, width, channels] = inputShape(site)
  const { weights, bias } = site.prepared.placements.get(name)!
  return planOp(name, 'groupNorm', batch, {
    input: site.at(site.step.inputs[0]),
    output: site.at(site.step.output),
    weight: weights,
    bias,
    pixels: height * width,
    channels,
    groups: attributes.groups,
    epsilon: floatBits(attributes.epsilon),
    activation: activationNumber(site.step.activation),
  })
}

function channelsOp(site: Site, kernel: 'channelConv1d' | 'softmax', taps: number): PlannedOp {
  const shape = outputShape(site)
  const { name } = site.step.node
  return planOp(name, kernel, rowsOf(shape), {
    input: site.at(site.step.inputs[0]),
    output: site.at(site.step.output),
    weights: site.prepared.placements.get(name)?.weights ?? 0,
    channels: shape.at(-1) as number,
    kernel: taps,
  })
}

function padOps(site: Site, { name, attributes }: Node<'pad'>): PlannedOp[] {
  const { padding, channels: added, mode } = attributes
  const [batch, height, width, channels] = inputShape(site)
  const [, outHeight, outWidth, outChannels] = outputShape(site)
  const [top, , , left] = padding
  const input = site.at(site.step.inputs[0])
  const output = site.at(site.step.output)
  const { image, row, pixel } = stridesOf({ height: outHeight, width: outWidth, channels: outChannels })
  if (mode === 'reflect') {
    const sizes = { height, width, outHeight, outWidth, top, left, pixelBytes: pixel }
    return [planOp(name, 'reflect', batch * outHeight, { input, output, ...sizes })]
  }
  return [
    planOp(name, 'fill', 1, { output, bytes: batch * image }),
    planOp(name, 'copy', batch * height, {
      input,
      output: output + top * row + left * pixel + added[0] * 4,
      ...{ height, width, channels },
      ...contiguousInput({ height, width, channels }),
      ...{ outImage: image, outRow: row, outPixel: pixel },
    }),
  ]
}

function sliceOp(site: Site, { name, attributes }: Node<'slice'>): PlannedOp {
  const [, ...sizes] = inputShape(site)
  const [batch, height, width, channels] = outputShape(site)
  const ranges = [attributes.rows, attributes.columns, attributes.channels]
  const [y, x, c] = ranges.map((range, axis) => resolveRange(range, sizes[axis]).start)
  const { inImage, inRow, inPixel } = contiguousInput({ height: sizes[0], width: sizes[1], channels: sizes[2] })
  const { image, row, pixel } = stridesOf({ height, width, channels })
  return planOp(name, 'copy', batch * height, {
    input: site.at(site.step.inputs[0]) + y * inRow + x * inPixel + c * 4,
    output: site.at(site.step.output),
    ...{ height, width, channels },
    inImage,
    inRow: inRow * attributes.rows.step,
    inPixel: inPixel * attributes.columns.step,
    inChannel: 4 * attributes.channels.step,
    ...{ outImage: image, outRow: row, outPixel: pixel },
  })
}

function concatOps(site: Site): PlannedOp[] {
  const shape = outputShape(site)
  const total = shape.at(-1) as number
  let before = 0
  return site.step.inputs.map((value) => {
    const channels = shapeOf(site, value).at(-1) as number
    const output = site.at(site.step.output) + before * 4
    before += channels
    // Each row of channels is a pixel of an image of its own: rank does not matter.
    return planOp(site.step.node.name, 'copy', rowsOf(shape), {
      input: site.at(value),
      output,
      ...{ height: 1, width: 1, channels },
      ...{ inImage: channels * 4, inRow: 0, inPixel: 0, inChannel: 4 },
      ...{ outImage: total * 4, outRow: 0, outPixel: 0 },
    })
  })
}
