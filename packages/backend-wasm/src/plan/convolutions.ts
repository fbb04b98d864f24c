import type { ActivationKind, Shape } from '@resnet-ts/graph'
import { alignUp } from './arena.js'
import {
  areFours,
  asConvolution,
  type Form,
  panelChannels,
  positionsOf,
  runOf,
  tileSize,
  type Weighted,
} from './forms.js'
import { contiguousInput, type PlannedOp, planOp, stridesOf } from './layout.js'
import type { Site } from './site.js'

export interface Planned {
  readonly ops: readonly PlannedOp[]
  readonly scratchBytes: number
}

/** What a block's input may take of the second cache. */
const blockBytes = 192 * 1024
/** What half of a block's input and of its products may take of it, where one product's rows at a time are read. */
const productBytes = 320_000
/** Pixels of such a block, beyond which it gains nothing. */
const mostPixels = 2000
/** Items a thread, so that one that is held up does not hold up the others for long. */
const itemsPerThread = 4
/** Weights up to here are better read by every thread than pixels. */
const sharedWeightBytes = 512 * 1024
/** An item of less work than this is not worth taking. */
const leastMacs = 50_000

export function convolutionOps(site: Site, node: Weighted): Planned {
  const form = site.prepared.weighed.form(node)
  if (form === 'merged') return mergedOps(site, node)
  if (form === 'strassen') return strassenOps(site, node)
  return tileSize(form) ? winogradOps(site, node) : directOps(site, node)
}

/** The number that assembly/activation.ts knows an activation by. */
export function activationNumber(kind: ActivationKind | null): number {
  const numbers: Record<ActivationKind, number> = { relu: 1, relu6: 2, leakyRelu: 3, silu: 4, sigmoid: 5 }
  return kind === null ? 0 : numbers[kind]
}

/** A convolution's map of input, and where it lies. */
interface Map4 {
  readonly address: number
  readonly batch: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

function mapOf(site: Site, value: string): Map4 {
  return { address: site.at(value), ...measures(site.shapes.get(value) as Shape) }
}

function outputOf({ step, shapes }: Site) {
  return measures(shapes.get(step.output) as Shape)
}

/** A vector is a map of one pixel. */
function measures(shape: Shape) {
  const [batch, height, width, channels] = shape.length === 4 ? shape : [shape[0], 1, 1, shape[1]]
  return { batch, height, width, channels }
}

function directOps(site: Site, node: Weighted): Planned {
  const { span } = site.prepared.weighed.filters(node)
  return indirectOps(site, node, mapOf(site, site.step.inputs[0]), { ...slidingOf(node), run: span })
}

/** How a merged convolution's map is padded: at its sides alone. Rows past its ends are zeros of the usual kind. */
function paddedWidth(node: Weighted, width: number): number {
  const { padding } = asConvolution(node.attributes)
  return padding[3] + width + padding[1]
}

/** The map is copied with its side padding; then a row of the kernel is one run of values. */
function mergedOps(site: Site, node: Weighted): Planned {
  const { kernel, padding } = asConvolution(node.attributes)
  const map = mapOf(site, site.step.inputs[0])
  const { batch, height, channels } = map
  const padded = { ...map, address: site.extra, width: paddedWidth(node, map.width) }
  const { image, row, pixel } = stridesOf(padded)
  const clear = planOp(node.name, 'fill', 1, { output: site.extra, bytes: batch * image })
  const copy = planOp(node.name, 'copy', batch * height, {
    input: map.address,
    output: site.extra + padding[3] * pixel,
    ...{ height, width: map.width, channels },
    ...contiguousInput(map),
    ...{ outImage: image, outRow: row, outPixel: pixel },
  })
  const rowOfTaps = { kernelWidth: 1, left: 0, dilationX: 1, run: kernel[1] * channels }
  const { ops, scratchBytes } = indirectOps(site, node, padded, { ...slidingOf(node), ...rowOfTaps })
  return { ops: [clear, copy, ...ops], scratchBytes }
}

/** How a window moves over a map. */
interface Sliding {
  readonly kernelHeight: number
  readonly kernelWidth: number
  readonly top: number
  readonly left: number
  readonly dilationY: number
  readonly dilationX: number
  readonly strideY: number
  readonly strideX: number
  /** Values that one tap multiplies. */
  readonly run: number
}

function slidingOf(node: Weighted): Omit<Sliding, 'run'> {
  const { kernel, stride, dilation, padding } = asConvolution(node.attributes)
  return {
    ...{ kernelHeight: kernel[0], kernelWidth: kernel[1] },
    ...{ top: padding[0], left: padding[3] },
    ...{ dilationY: dilation[0], dilationX: dilation[1] },
    ...{ strideY: stride[0], strideX: stride[1] },
  }
}

function indirectOps(site: Site, node: Weighted, map: Map4, sliding: Sliding): Planned {
  const { prepared } = site
  const out = outputOf(site)
  const pixels = out.batch * out.height * out.width
  const taps = sliding.kernelHeight * sliding.kernelWidth
  const fresh = Math.min(sliding.strideY * sliding.strideX, taps) * map.channels * 4
  const shares = divide(prepared.threads, {
    pixels,
    panels: Math.ceil(out.channels / panelChannels),
    block: Math.min(Math.max(Math.floor(blockBytes / fresh), 48), 288),
    macs: taps * sliding.run * panelChannels,
    unit: prepared.tileRows,
    fixed: false,
  })
  const op = planOp(node.name, 'convolution', shares.items, {
    ...productFields(site, node, map.address, shares),
    ...readFields(site, node),
    ...{ inHeight: map.height, inWidth: map.width, inChannels: map.channels },
    ...sliding,
    pixels,
  })
  const tiles = shares.perBlock / prepared.tileRows
  const tileBytes = prepared.tileRows * panelChannels * 4
  return { ops: [op], scratchBytes: 2 * tileBytes + tiles * taps * prepared.tileRows * 4 }
}

/** A matrix multiplication to be shared out. */
interface Parts {
  readonly pixels: number
  readonly panels: number
  /** Pixels whose input stays in the cache. */
  readonly block: number
  /** Multiply-accumulates of one pixel and panel. */
  readonly macs: number
  /** Pixels that a block is a multiple of. */
  readonly unit: number
  /** Whether results depend on where blocks end: then that must not depend on the threads. */
  readonly fixed: boolean
}

/** How one is shared out. */
interface Shares {
  readonly blocks: number
  /** Pixels in the largest block. */
  readonly perBlock: number
  readonly panels: number
  readonly panelsPerItem: number
  /** 1 where items in a row are of the same block, 0 where they are of the same panels. */
  readonly panelsFirst: number
  readonly items: number
}

/**
 * Blocks of pixels whose input stays in the cache and, where those are too few for the threads to end together, blocks of
 * panels. Where weights are few, each thread has pixels of its own, most of whose input it has written itself; else it has
 * panels of its own, so that no weight is read by two.
 */
function divide(threads: number, { pixels, panels, block, macs, unit, fixed }: Parts): Shares {
  const units = Math.ceil(pixels / unit)
  const least = Math.ceil(units / Math.max(1, Math.floor(block / unit)))
  const panelsFirst = threads > 1 && panels * macs * 4 <= sharedWeightBytes
  const blocks = panelsFirst && !fixed ? Math.min(Math.ceil(least / threads) * threads, units) : least
  const even = panelsFirst && blocks % threads === 0
  const wanted = even ? Math.ceil((threads * itemsPerThread) / blocks) : threads * Math.ceil(itemsPerThread / blocks)
  const parts = threads === 1 || blocks >= threads * itemsPerThread ? 1 : wanted
  const most = Math.min(panels, Math.max(1, Math.floor((pixels * panels * macs) / leastMacs / blocks)))
  const panelsPerItem = Math.ceil(panels / Math.min(parts, most))
  const perBlock = Math.ceil(units / blocks) * unit
  const items = blocks * Math.ceil(panels / panelsPerItem)
  return { blocks, perBlock, panels, panelsPerItem, panelsFirst: Number(panelsFirst), items }
}

/** The fields that all these kernels have: those of `Product` of assembly/product.ts, and the output's measures. */
function productFields(
  site: Site,
  node: Weighted,
  input: number,
  { blocks, panels, panelsPerItem, panelsFirst }: Shares,
) {
  const { step, at, prepared } = site
  const { weights, bias } = prepared.placements.get(node.name)!
  const out = outputOf(site)
  const residual = step.inputs[1]
  return {
    input,
    output: at(step.output),
    residual: residual === undefined ? 0 : at(residual),
    ...{ weights, bias },
    ...{ blocks, panels, panelsPerItem, panelsFirst },
    activation: activationNumber(step.activation),
    ...{ outHeight: out.height, outWidth: out.width, outChannels: out.channels },
  }
}

/** What the kernels that pad and group read: which channels each panel sees, and the zeros outside the map. */
function readFields({ prepared }: Site, node: Weighted) {
  return { offsets: prepared.placements.get(node.name)!.offsets, zeros: prepared.zeros }
}

function strassenOps(site: Site, node: Weighted): Planned {
  const { prepared } = site
  const { stride } = asConvolution(node.attributes)
  const map = mapOf(site, site.step.inputs[0])
  const out = outputOf(site)
  const pixels = out.batch * out.height * out.width
  const shares = divide(prepared.threads, {
    pixels,
    panels: out.channels / (2 * panelChannels),
    // Half the pixels, by half the channels of the input and of the output, in four bytes.
    block: Math.min(Math.max(Math.floor(productBytes / ((map.channels + out.channels) / 2)), 64), mostPixels),
    macs: map.channels * 2 * panelChannels,
    unit: 2 * prepared.tileRows,
    // A pixel is paired with one of its block.
    fixed: true,
  })
  const op = planOp(node.name, 'strassen', shares.items, {
    ...productFields(site, node, map.address, shares),
    ...{ inHeight: map.height, inWidth: map.width, inChannels: map.channels },
    ...{ strideY: stride[0], strideX: stride[1] },
    pixels,
    pixelsPerBlock: shares.perBlock,
  })
  const half = Math.ceil(shares.perBlock / 2)
  const rows = (2 * prepared.tileRows + 3 * half * shares.panelsPerItem) * panelChannels * 4
  const tables = 6 * Math.ceil(half / prepared.tileRows) * prepared.tileRows * 4
  return { ops: [op], scratchBytes: rows + tables + 16 + 4 * half * (map.channels / 2) * 4 }
}

function winogradOps(site: Site, node: Weighted): Planned {
  const { prepared } = site
  const filters = prepared.weighed.filters(node)
  const form = prepared.weighed.form(node)
  const size = tileSize(form)
  const run = runOf(filters, form)
  const { split, map, top, left } = form === 'phases' ? splitMap(site, node) : wholeMap(site, node)
  const out = outputOf(site)
  const tiles = out.batch * Math.ceil(out.height / size) * Math.ceil(out.width / size)
  const positions = positionsOf(form)
  const shares = divide(prepared.threads, {
    pixels: tiles,
    panels: out.channels / panelChannels,
    // One register tile a block: its transforms stay in the first cache while all the weights stream by, in the order in
    // which they lie.
    block: prepared.tileRows,
    macs: positions * run * panelChannels,
    unit: prepared.tileRows,
    fixed: false,
  })
  const { perBlock, panelsPerItem } = shares
  const op = planOp(node.name, 'winograd', shares.items, {
    ...productFields(site, node, map.address, shares),
    ...readFields(site, node),
    ...{ height: map.height, width: map.width, channels: map.channels },
    ...{ top, left, run, size, tiles },
    fours: Number(areFours(filters)),
    tilesPerBlock: perBlock,
  })
  const places = Math.ceil((perBlock * positions * 4) / 16) * 16
  const table = Math.ceil(((perBlock + prepared.tileRows) * prepared.tileRows * 4) / 16) * 16
  const transformed = positions * (perBlock * (map.channels + panelsPerItem * panelChannels) * 4 + 2 * 64)
  return { ops: [...split, op], scratchBytes: places + 36 * 16 + table + transformed }
}

/** The input as it is. */
function wholeMap(site: Site, node: Weighted) {
  const { padding } = asConvolution(node.attributes)
  return { split: [], map: mapOf(site, site.step.inputs[0]), top: padding[0], left: padding[3] }
}

/** The input's phases side by side, padded. */
function splitMap(site: Site, node: Weighted) {
  const { padding } = asConvolution(node.attributes)
  const whole = mapOf(site, site.step.inputs[0])
  const { height, width } = phasesOf(node, whole)
  const map: Map4 = { address: site.extra, batch: whole.batch, height, width, channels: 4 * whole.channels }
  const op = planOp(node.name, 'phases', whole.batch * height, {
    input: whole.address,
    output: map.address,
    inHeight: whole.height,
    inWidth: whole.width,
    channels: whole.channels,
    outHeight: height,
    outWidth: width,
    top: evenUp(padding[0]),
    left: evenUp(padding[3]),
  })
  return { split: [op], map, top: 0, left: 0 }
}

/** Padding is made even, so that a pixel's phases are all inside it or all outside; the kernel gets a tap of zeros for it. */
export function evenUp(padding: number): number {
  return padding + (padding % 2)
}

/** The height and width of the map of phases: three pixels more than the output, for a kernel of four. */
function phasesOf(node: Weighted, { height, width }: { readonly height: number; readonly width: number }) {
  const { kernel, stride, padding } = asConvolution(node.attributes)
  const along = (size: number, before: number, after: number, axis: 0 | 1) =>
    Math.floor((size + before + after - kernel[axis]) / stride[axis]) + 4
  return { height: along(height, padding[0], padding[2], 0), width: along(width, padding[3], padding[1], 1) }
}

/**
 * Bytes that a convolution needs beside its input and output: for the map that its kernel reads, which is padded, or split
 * into phases. None for the forms that read the input as it is.
 *
 * @param input - the input's shape
 */
export function extraBytesOf(node: Weighted, form: Form, input: Shape): number {
  const { batch, height, width, channels } = measures(input)
  if (form === 'phases') {
    const phases = phasesOf(node, { height, width })
    return alignUp(batch * phases.height * phases.width * 4 * channels * 4)
  }
  if (form !== 'merged') return 0
  return alignUp(batch * height * paddedWidth(node, width) * channels * 4)
}
