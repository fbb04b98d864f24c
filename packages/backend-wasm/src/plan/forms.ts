import type { Conv2dAttributes, LinearAttributes, Node, Shape, Shapes } from '@resnet-ts/graph'
import type { Step } from './steps.js'

/** Output channels in a panel of weights: PANEL in assembly/tile.ts. */
export const panelChannels = 8

/**
 * How a convolution is computed, which decides how its weights are packed.
 *
 *   direct     indirect matrix multiplication, a tap at a time
 *   merged     the same, a row of taps at a time, over a map that is padded first: for few input channels
 *   winograd4  F(4×4, 3×3)
 *   winograd2  F(2×2, 3×3)
 *   phases     F(3×3, 4×4) over every second row and column side by side: for 7×7 of stride 2 and few channels
 *   strassen   one step of Strassen's multiplication, for 1×1
 */
export type Form = 'direct' | 'merged' | 'winograd4' | 'winograd2' | 'phases' | 'strassen'

/** A convolution's measures that its packed weights depend on. A linear layer is one of 1×1. */
export interface Filters {
  readonly outChannels: number
  readonly inPerGroup: number
  readonly outPerGroup: number
  readonly kernelHeight: number
  readonly kernelWidth: number
  /** Input channels that a panel reads: those of all the groups that its outputs belong to. */
  readonly span: number
  /** The first of them, a panel. */
  readonly firstChannels: readonly number[]
}

export type Weighted = Node<'conv2d'> | Node<'linear'>

export function isWeighted(node: Node): node is Weighted {
  return node.op === 'conv2d' || node.op === 'linear'
}

export function filtersOf(node: Weighted): Filters {
  const { inChannels, outChannels, groups, kernel } = asConvolution(node.attributes)
  const inPerGroup = inChannels / groups
  const outPerGroup = outChannels / groups
  const panels = Math.ceil(outChannels / panelChannels)
  const spans = Array.from({ length: panels }, (_, panel) => {
    const last = Math.min((panel + 1) * panelChannels, outChannels) - 1
    return [Math.floor((panel * panelChannels) / outPerGroup), Math.floor(last / outPerGroup)]
  })
  const span = Math.max(...spans.map(([first, last]) => (last - first + 1) * inPerGroup))
  return {
    ...{ outChannels, inPerGroup, outPerGroup, span },
    ...{ kernelHeight: kernel[0], kernelWidth: kernel[1] },
    firstChannels: spans.map(([first]) => Math.min(first * inPerGroup, inChannels - span)),
  }
}

/** A linear layer's attributes as a convolution's; a convolution's own. */
export function asConvolution(attributes: Conv2dAttributes | LinearAttributes): Conv2dAttributes {
  if ('kernel' in attributes) return attributes
  const one = [1, 1] as const
  return { ...attributes, kernel: one, stride: one, dilation: one, padding: [0, 0, 0, 0], groups: 1 }
}

/** The forms that a convolution can take; the first is always one. */
export function formsOf(node: Weighted): readonly Form[] {
  const { inChannels, outChannels, kernel, stride, dilation, padding, groups } = asConvolution(node.attributes)
  const all = (pair: readonly number[], value: number) => pair.every((each) => each === value)
  if (inChannels < 8 && groups === 1 && kernel[1] > 1 && dilation[1] === 1) {
    const halves = all(kernel, 7) && all(stride, 2) && dilation[0] === 1 && outChannels % panelChannels === 0
    return halves && !asConvolution(node.attributes).epilogue?.residual ? ['merged', 'phases'] : ['merged']
  }
  const isPointwise = all(kernel, 1) && padding.every((side) => side === 0) && groups === 1
  if (isPointwise && inChannels % 8 === 0 && outChannels % (2 * panelChannels) === 0) return ['direct', 'strassen']
  const minimal = all(kernel, 3) && all(stride, 1) && all(dilation, 1)
  // The transforms take four channels at once, and store eight.
  const fits = inChannels % 4 === 0 && outChannels % panelChannels === 0
  return minimal && fits ? ['direct', 'winograd4', 'winograd2'] : ['direct']
}

/** The size of an output tile, for the forms of Winograd. */
export function tileSize(form: Form): 0 | 2 | 3 | 4 {
  const sizes = { winograd4: 4, winograd2: 2, phases: 3, direct: 0, merged: 0, strassen: 0 } as const
  return sizes[form]
}

/** Products of a tile and a pair of channels: the pixels of its input. */
export function positionsOf(form: Form): number {
  return form === 'winograd2' ? 16 : 36
}

/** Channels that a panel reads of the map that a form works on. */
export function runOf(filters: Filters, form: Form): number {
  return form === 'phases' ? 4 * filters.span : filters.span
}

/** Bytes of a convolution's packed weights, without bias and offsets. */
export function weightBytes(filters: Filters, form: Form): number {
  const { kernelHeight, kernelWidth, firstChannels } = filters
  const plain = form === 'strassen' ? 7 / 4 : kernelHeight * kernelWidth
  const taps = tileSize(form) ? positionsOf(form) : plain
  return firstChannels.length * panelChannels * runOf(filters, form) * taps * 4
}

/*
 * What a convolution costs, in nanoseconds on one core. The figures are measured ones of x86 at some 4 GHz; only how they
 * stand to each other matters.
 */
/** Multiply-accumulates of the register tile a nanosecond. */
const tileRate = 25
/** Bytes of weights a nanosecond, from memory that no cache holds. */
const weightRate = 10
/** Weights up to here are still in a cache when the next image comes. */
const cachedBytes = 1 << 20
/** What a register tile costs beside its multiplications, in steps of them. */
const tileSteps = 14
/** Of Strassen's sums, a value of the input. */
const sumTime = 0.25
/** Of one tile's transforms, a channel of the input and of the output. */
const transformTime = { 2: [1.2, 0.9], 3: [3, 2], 4: [3, 2.5] } as const

/** How long a convolution would take in a form, once its input is in memory. */
export function timeOf(filters: Filters, form: Form, inChannels: number, output: Shape): number {
  const [batch, height, width] = output.length === 4 ? output : [output[0], 1, 1]
  const { outChannels, span, kernelHeight, kernelWidth } = filters
  const bytes = weightBytes(filters, form)
  const streaming = bytes > cachedBytes ? bytes / weightRate : 0
  // Register tiles of `steps` multiplications a value, for so many values.
  const multiplying = (values: number, steps: number) => {
    return Math.max((values * (steps + tileSteps)) / tileRate, streaming)
  }
  const pixels = batch * height * width
  if (form === 'strassen') {
    const even = pixels + (pixels % 2)
    return multiplying((even * outChannels * 7) / 4, span / 2) + pixels * inChannels * sumTime
  }
  const size = tileSize(form)
  if (size === 0) return multiplying(pixels * outChannels, span * kernelHeight * kernelWidth)
  const tiles = batch * Math.ceil(height / size) * Math.ceil(width / size)
  const [input, stored] = transformTime[size]
  const steps = areFours(filters) ? 4 - tileSteps / 2 : runOf(filters, form)
  const transforms = tiles * ((inChannels * runOf(filters, form) * input) / span + outChannels * stored)
  return multiplying(tiles * positionsOf(form) * outChannels, steps) + transforms
}

/** Whether a group is four channels to four: then Winograd's products have a kernel of their own. */
export function areFours({ inPerGroup, outPerGroup }: Filters): boolean {
  return inPerGroup === 4 && outPerGroup === 4
}

/** A form that a convolution could take, against its first. */
interface Alternative {
  readonly form: Form
  /** Nanoseconds less. */
  readonly saved: number
  /** Bytes more. */
  readonly bytes: number
}

/**
 * The form of every convolution: the fastest for images of a nominal size, but that together the weights stay within
 * `limit` bytes. Where they would not, those fall back first whose form saves least time a byte.
 */
export function chooseForms(
  steps: readonly Step[],
  shapes: Shapes | undefined,
  limit: number,
): ReadonlyMap<Weighted, Form> {
  const choices: { readonly node: Weighted; readonly others: readonly Alternative[]; now: Alternative }[] = []
  let bytes = 0
  for (const { node, output } of steps) {
    if (!isWeighted(node)) continue
    const [plain] = formsOf(node)
    choices.push({ node, others: alternatives(node, shapes?.get(output)), now: { form: plain, saved: 0, bytes: 0 } })
    bytes += weightBytes(filtersOf(node), plain)
  }
  // From none to the smaller form, and from that to the larger, each where it pays most a byte.
  for (;;) {
    let best: { choice: (typeof choices)[number]; other: Alternative; more: number } | undefined
    let greatest = 0
    for (const choice of choices) {
      for (const other of choice.others) {
        const more = other.bytes - choice.now.bytes
        const worth = (other.saved - choice.now.saved) / Math.max(more, 1)
        if (worth <= greatest || bytes + more > limit) continue
        greatest = worth
        best = { choice, other, more }
      }
    }
    if (!best) return new Map(choices.map(({ node, now }) => [node, now.form]))
    best.choice.now = best.other
    bytes += best.more
  }
}

/** The forms that would be faster than a convolution's first, for an output of this shape. */
function alternatives(node: Weighted, output: Shape | undefined): readonly Alternative[] {
  const [plain, ...others] = formsOf(node)
  if (!output || others.length === 0) return []
  const filters = filtersOf(node)
  const time = (form: Form) => timeOf(filters, form, node.attributes.inChannels, output)
  return others
    .map((form) => ({
      form,
      saved: time(plain) - time(form),
      bytes: weightBytes(filters, form) - weightBytes(filters, plain),
    }))
    .filter(({ saved }) => saved > 0)
}
