import type { Node } from '../graph.js'
import type { ActivationKind } from '../ops/activation.js'
import type { PadAttributes } from '../ops/pad.js'
import type { SliceAttributes } from '../ops/slice.js'
import type { Shapes } from '../shapes.js'
import type { Shape } from '../tensor.js'
import type { Pair } from '../value.js'

/** A scope's kind as it is read: `squeezeExcitation` → `squeeze excitation`, `preActivationBlock` → `pre-activation block`. */
export function kindInWords(kind: string): string {
  return kind
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^pre /, 'pre-')
}

/** `56 × 56 × 64`; the batch stands before it where it is more than one. */
export function shapeInWords(shape: Shape): string {
  return (shape[0] === 1 ? shape.slice(1) : shape).join(' × ')
}

/** A count in three digits: `25.6 M`, `4.09 G`. */
function countInWords(count: number): string {
  const unit = [
    { size: 1e12, letter: 'T' },
    { size: 1e9, letter: 'G' },
    { size: 1e6, letter: 'M' },
    { size: 1e3, letter: 'k' },
  ].find(({ size }) => count >= size * 0.9995)
  if (!unit) return String(count)
  const scaled = count / unit.size
  return `${scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)} ${unit.letter}`
}

/** `25.6 M parameters`, `4.09 G MACs`. */
export function costInWords({ parameters, macs }: { readonly parameters: number; readonly macs: number }): string[] {
  return [`${countInWords(parameters)} parameters`, `${countInWords(macs)} MACs`]
}

/** A layer's headline: `conv 3×3, 64 → 128`, `max pool 3×3`, `batch norm`. */
export function layerInWords(node: Node, shapes: Shapes): string {
  const { op, attributes } = node
  switch (op) {
    case 'input':
      return node.name
    case 'conv2d':
      return `conv ${by(attributes.kernel)}, ${attributes.inChannels} → ${attributes.outChannels}`
    case 'linear':
      return `linear, ${attributes.inChannels} → ${attributes.outChannels}`
    case 'channelConv1d':
      return `conv over channels, ${attributes.kernel}`
    case 'batchNorm':
      return 'batch norm'
    case 'groupNorm':
      return `group norm, ${attributes.groups} groups`
    case 'activation':
      return activationInWords(attributes.kind)
    case 'maxPool':
      return `max pool ${by(attributes.kernel)}`
    case 'avgPool':
      return `average pool ${by(attributes.kernel)}`
    case 'blurPool':
      return `blur pool ${by([attributes.kernel, attributes.kernel])}`
    case 'globalPool':
      return isFlattening(node, shapes) ? 'flatten' : `global ${poolings[attributes.kind]} pool`
    case 'pad':
      return padInWords(attributes)
    case 'slice':
      return sliceInWords(attributes)
    case 'dropout':
      return `dropout ${attributes.rate}`
    case 'dropPath':
      return `drop path ${round(attributes.rate)}`
    case 'add':
    case 'multiply':
    case 'concat':
    case 'softmax':
      return op
    default:
      op satisfies never
      return op
  }
}

const poolings = { avg: 'average', max: 'max', avgmax: 'average + max', catavgmax: 'average & max' } as const

/** What a layer's headline leaves out: groups, dilation, what passes have fused into a convolution. */
export function layerDetails(node: Node): string[] {
  if (node.op !== 'conv2d') return []
  const { standardise, epilogue } = node.attributes
  const fused = epilogue?.activation
  return [
    ...windowDetails(node),
    ...(standardise === undefined ? [] : ['standardised']),
    ...(epilogue?.residual ? ['add'] : []),
    ...(fused ? [activationInWords(fused)] : []),
  ]
}

/** A layer in a list of the layers of its block: `3×3, 128, 32 groups`, `max pool 3×3`. */
export function layerInBrief(node: Node, shapes: Shapes): string {
  if (node.op !== 'conv2d') return layerInWords(node, shapes)
  return [by(node.attributes.kernel), node.attributes.outChannels, ...windowDetails(node)].join(', ')
}

function windowDetails({ attributes: { groups, inChannels, dilation } }: Node<'conv2d'>): string[] {
  const details: string[] = []
  if (groups > 1) details.push(groups === inChannels ? 'depthwise' : `${groups} groups`)
  if (dilation.some((step) => step > 1)) details.push(`dilation ${pairInWords(dilation)}`)
  return details
}

/** A layer in a list of what shortcuts are made of, the same in every stage: `1×1 conv`, `batch norm`. */
export function layerInGeneral(node: Node, shapes: Shapes): string {
  if (node.op === 'conv2d') return `${by(node.attributes.kernel)} conv`
  if (node.op === 'groupNorm') return 'group norm'
  return node.op === 'pad' && node.attributes.channels.some(Boolean) ? 'zero channels' : layerInWords(node, shapes)
}

/** `stride 2`; nothing for a stride of one. */
export function strideInWords(stride: Pair): string {
  return stride.some((step) => step > 1) ? `stride ${pairInWords(stride)}` : ''
}

/** By how much a layer subsamples. */
export function strideOf(node: Node): Pair {
  switch (node.op) {
    case 'conv2d':
    case 'maxPool':
    case 'avgPool':
      return node.attributes.stride
    case 'blurPool':
      return [node.attributes.stride, node.attributes.stride]
    case 'slice':
      return [node.attributes.rows.step, node.attributes.columns.step]
    default:
      return [1, 1]
  }
}

/** Whether a global pooling has a single pixel to pool, and only drops its dimensions. */
export function isFlattening(node: Node, shapes: Shapes): boolean {
  if (node.op !== 'globalPool' || node.attributes.keepDimensions || node.attributes.kind === 'catavgmax') return false
  const map = shapes.get(node.inputs[0]!)
  return map?.[1] === 1 && map[2] === 1
}

function activationInWords(kind: ActivationKind): string {
  return kind === 'relu' || kind === 'relu6' ? kind.replace('relu', 'ReLU') : kind
}

function padInWords({ padding, channels, mode }: PadAttributes): string {
  const words: string[] = []
  if (padding.some(Boolean))
    words.push(`${mode} pad ${padding.every((side) => side === padding[0]) ? padding[0] : padding.join(' ')}`)
  if (channels.some(Boolean)) words.push(`${channels[0] + channels[1]} zero channels`)
  return words.join(', ') || 'pad'
}

function sliceInWords({ rows, columns }: SliceAttributes): string {
  return rows.step > 1 || columns.step > 1 ? 'subsample' : 'slice'
}

function by([vertical, horizontal]: Pair): string {
  return `${vertical}×${horizontal}`
}

function pairInWords([vertical, horizontal]: Pair): string {
  return vertical === horizontal ? String(vertical) : `${vertical}×${horizontal}`
}

function round(rate: number): number {
  return Math.round(rate * 1000) / 1000
}
