import { type Node, parametersOf, sizeOf } from '@resnet-ts/graph'
import { alignUp } from '../plan/arena.js'
import { extraBytesOf, type Placement, type Weighed } from '../plan/convolutions.js'
import { type Filters, type Form, filtersOf, isWeighted, tileSize, type Weighted, weightBytes } from '../plan/forms.js'
import { blurWeights } from '../plan/others.js'
import { packPhases } from '../plan/phases.js'
import type { Step } from '../plan/steps.js'
import type { Kernels } from './kernels.js'
import type { Memory } from './memory.js'

/** Values of a node's parameters, by what follows its name in their keys. */
export type NodeValues = Readonly<Record<string, Float32Array>>

/** Vectors are read past the end of values whose number is no multiple of four. */
const guard = 16

/** The decisions on convolutions, as the planner asks for them. */
export function weighedBy(forms: ReadonlyMap<Weighted, Form>): Weighed {
  const measured = new Map<Weighted, Filters>([...forms.keys()].map((node) => [node, filtersOf(node)]))
  const form = (node: Weighted) => forms.get(node) as Form
  return {
    form,
    filters: (node) => measured.get(node) as Filters,
    extraBytes: (node, input) => extraBytesOf(node, form(node), input),
  }
}

/** Where the weights of every step lie, from `base` on, and where they end. */
export function placeWeights(steps: readonly Step[], weighed: Weighed, base: number) {
  const placements = new Map<string, Placement>()
  let end = base
  const take = (values: number) => {
    const address = end
    end = alignUp(end + values * 4 + guard)
    return address
  }
  for (const { node } of steps) {
    const [weights, bias, offsets] = sizesOf(node, weighed)
    if (weights > 0) placements.set(node.name, { weights: take(weights), bias: take(bias), offsets: take(offsets) })
  }
  const zeros = take(Math.max(16, ...steps.map(({ node }) => readChannels(node))))
  return { placements, zeros, end }
}

/** How many values a node's packed weights, its bias and its offsets have. */
function sizesOf(node: Node, weighed: Weighed): readonly [weights: number, bias: number, offsets: number] {
  if (isWeighted(node)) {
    const filters = weighed.filters(node)
    const panels = filters.firstChannels.length
    return [weightBytes(filters, weighed.form(node)) / 4, panels * 8, panels]
  }
  if (node.op === 'batchNorm' || node.op === 'groupNorm') return [node.attributes.channels, node.attributes.channels, 0]
  if (node.op === 'channelConv1d') return [node.attributes.kernel, 0, 0]
  if (node.op === 'blurPool') return [node.attributes.kernel ** 2, 0, 0]
  return [0, 0, 0]
}

/** The zeros that a convolution reads where its window leaves the map: a pixel's, or a row's of a merged kernel. */
function readChannels(node: Node): number {
  if (!isWeighted(node)) return 0
  const { inChannels } = node.attributes
  return node.op === 'conv2d' ? inChannels * node.attributes.kernel[1] : inChannels
}

/** Bytes that the parameters of the largest node need before they are packed. */
export function stagingBytes(steps: readonly Step[]): number {
  const sizes = steps.map(({ node }) => parametersOf(node).reduce((sum, { shape }) => sum + sizeOf(shape) * 4, 0))
  return Math.max(0, ...sizes)
}

export interface Packing {
  readonly memory: Memory
  readonly kernels: Kernels
  readonly weighed: Weighed
  readonly placements: ReadonlyMap<string, Placement>
  /** Where unpacked weights may lie for a moment. */
  readonly staging: number
}

/** Writes what does not come from parameters: offsets of panels, filters of blurs. */
export function packConstants(steps: readonly Step[], { memory, weighed, placements }: Packing): void {
  for (const { node } of steps) {
    const placement = placements.get(node.name)
    if (!placement) continue
    if (node.op === 'blurPool')
      memory.floats(placement.weights, node.attributes.kernel ** 2).set(blurWeights(node.attributes))
    if (!isWeighted(node)) continue
    const offsets = weighed.filters(node).firstChannels.map((channel) => channel * 4)
    memory.words(placement.offsets, offsets.length).set(offsets)
  }
}

/**
 * Packs one node's parameters.
 *
 * @param staged - whether the values lie in the memory that they are packed into
 */
export function packNode(node: Node, values: NodeValues, staged: boolean, packing: Packing): void {
  const { memory, placements } = packing
  const { weights, bias } = placements.get(node.name) as Placement
  const put = (address: number, given: ArrayLike<number>) => memory.floats(address, given.length).set(given)
  if (isWeighted(node)) packFilters(node, values, staged, packing)
  else if (node.op === 'batchNorm') {
    const { scale, shift } = scaleAndShift(values, node.attributes.epsilon)
    put(weights, scale)
    put(bias, shift)
  } else {
    put(weights, values.weight)
    if (values.bias) put(bias, values.bias)
  }
}

function packFilters(node: Weighted, values: NodeValues, staged: boolean, packing: Packing): void {
  const { memory, kernels, weighed, placements, staging } = packing
  const { weights, bias, offsets } = placements.get(node.name) as Placement
  const filters = weighed.filters(node)
  const { outChannels, inPerGroup, outPerGroup, kernelHeight, kernelWidth, span, firstChannels } = filters
  const form = weighed.form(node)
  const { weight } = values
  const from = staged ? weight.byteOffset : staging
  if (!staged) memory.floats(staging, weight.length).set(weight)
  const size = tileSize(form)
  if (form === 'phases') memory.floats(weights, weightBytes(filters, form) / 4).set(packPhases(node, weight))
  else if (form === 'strassen') kernels.packStrassen(from, weights, outChannels, inPerGroup)
  else if (size) kernels.packWinograd(from, weights, offsets, outChannels, inPerGroup, outPerGroup, span, size)
  else {
    const merged = form === 'merged'
    const run = merged ? span * kernelWidth : span
    const shape = [outChannels, inPerGroup, outPerGroup, kernelHeight, kernelWidth] as const
    kernels.packConvolution(from, weights, offsets, ...shape, run, Number(merged))
  }
  const biases = memory.floats(bias, firstChannels.length * 8)
  biases.fill(0)
  if (values.bias) biases.set(values.bias)
}

/** A batch norm as `x · scale + shift`. */
function scaleAndShift(values: NodeValues, epsilon: number) {
  const { weight, bias, running_mean: mean, running_var: variance } = values
  const scale = weight.map((each, channel) => each / Math.sqrt(variance[channel] + epsilon))
  const shift = bias.map(
    (each, channel) => each - (mean[channel] * weight[channel]) / Math.sqrt(variance[channel] + epsilon),
  )
  return { scale, shift }
}
