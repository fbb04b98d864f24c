import { type Node, parametersOf, sizeOf } from '@resnet-ts/graph'
import { alignUp } from '../plan/arena.js'
import { extraBytesOf } from '../plan/convolutions.js'
import { type Filters, type Form, filtersOf, isWeighted, type Weighted, weightBytes } from '../plan/forms.js'
import type { Placement, Weighed } from '../plan/site.js'
import type { Step } from '../plan/steps.js'

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
