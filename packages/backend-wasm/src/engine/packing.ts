import type { Node } from '@resnet-ts/graph'
import { alignUp } from '../plan/arena.js'
import { type Form, isWeighted, runOf, tileSize, type Weighted, weightBytes } from '../plan/forms.js'
import { fields, type PlannedOp, planOp } from '../plan/layout.js'
import { blurWeights } from '../plan/others.js'
import { packPhases } from '../plan/phases.js'
import type { Placement, Weighed } from '../plan/site.js'
import type { Step } from '../plan/steps.js'
import type { Memory } from './memory.js'
import type { NodeValues } from './weights.js'

/** What a node's parameters are, on their way to be packed. */
export interface NodeParcel {
  readonly node: string
  readonly values: NodeValues
}

/** Bytes of scratch that packing needs of each thread: [9][8] f32. */
export const packingScratch = alignUp(9 * 8 * 4)

/** Bytes that the ops which pack a network's filters take at most, with the list of them. */
export function packingOpsBytes(steps: readonly Step[]): number {
  const count = steps.filter(({ node }) => isWeighted(node)).length
  return alignUp(count * 4) + count * alignUp((3 + fields.filters.length) * 4)
}

export interface Packing {
  readonly memory: Memory
  readonly weighed: Weighed
  readonly placements: ReadonlyMap<string, Placement>
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
 * Packs a node's parameters, but for the filters of a convolution.
 *
 * @param values - in the memory that they are packed into
 * @returns the op that packs the filters
 */
export function packNode(node: Node, values: NodeValues, packing: Packing): PlannedOp | undefined {
  const { memory, placements } = packing
  const { weights, bias } = placements.get(node.name) as Placement
  const put = (address: number, given: ArrayLike<number>) => memory.floats(address, given.length).set(given)
  if (isWeighted(node)) return packFilters(node, values, packing)
  if (node.op === 'batchNorm') {
    const { scale, shift } = scaleAndShift(values, node.attributes.epsilon)
    put(weights, scale)
    put(bias, shift)
  } else {
    put(weights, values.weight)
    if (values.bias) put(bias, values.bias)
  }
  return undefined
}

function packFilters(node: Weighted, { weight, bias }: NodeValues, packing: Packing): PlannedOp | undefined {
  const { memory, weighed, placements } = packing
  const placement = placements.get(node.name) as Placement
  const filters = weighed.filters(node)
  const form = weighed.form(node)
  const panels = filters.firstChannels.length
  const biases = memory.floats(placement.bias, panels * 8)
  biases.fill(0)
  if (bias) biases.set(bias)
  if (form === 'phases') {
    memory.floats(placement.weights, weightBytes(filters, form) / 4).set(packPhases(node, weight))
    return undefined
  }
  const { outChannels, inPerGroup, outPerGroup, kernelHeight, kernelWidth } = filters
  return planOp(node.name, kernelOf(form), form === 'strassen' ? panels / 2 : panels, {
    ...{ from: weight.byteOffset, to: placement.weights, offsets: placement.offsets },
    ...{ outChannels, inPerGroup, outPerGroup, kernelHeight, kernelWidth },
    run: form === 'merged' ? filters.span * kernelWidth : runOf(filters, form),
    merged: Number(form === 'merged'),
    size: tileSize(form),
  })
}

function kernelOf(form: Form): 'packConvolution' | 'packStrassen' | 'packWinograd' {
  if (form === 'strassen') return 'packStrassen'
  return tileSize(form) ? 'packWinograd' : 'packConvolution'
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
