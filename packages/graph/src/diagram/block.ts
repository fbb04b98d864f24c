import type { Node } from '../graph.js'
import type { SummaryNode } from '../summary.js'
import type { Pair } from '../value.js'
import { isInProjection, layersOf, outputsAmong, ownerOf, type Reading } from './reading.js'
import { findShortcut, isSum, type Shortcut } from './shortcut.js'
import type { Draft } from './stacks.js'
import { kindInWords, layerInBrief, layerInGeneral, shapeInWords, strideInWords, strideOf } from './words.js'

/** A box that has no place yet, with what its edges are told by. */
export interface Item {
  readonly draft: Draft
  readonly nodes: readonly Node[]
  /** Values that enter on the way of its layers. */
  readonly takes: readonly string[]
  /** The value that its shortcut starts from, if that is outside. */
  readonly skipsFrom: string | undefined
  /** What its dashed shortcut is made of, or empty. */
  readonly dashed: string
}

/** A part of the network as one box. */
export function blockOf(part: SummaryNode, reading: Reading): Item {
  const nodes = layersOf(part, reading)
  const own = new Set(nodes.map((node) => node.name))
  const sum = nodes.findLast((node) => isSum(node) && ownerOf(node, reading.kinds) === part.name)
  const shortcut = sum && findShortcut(sum, nodes, (node) => isInProjection(node, reading))
  return {
    draft: {
      kind: 'block',
      names: [part.name],
      title: kindInWords(part.kind),
      tag: strideInWords(totalStride(nodes)),
      details: detailsOf(part, nodes, shortcut, reading),
      shape: shapeInWords(part.shape),
      outputs: outputsAmong([...own], reading),
      count: 1,
      shortcut: shortcut?.kind,
    },
    nodes,
    takes: takenBy(nodes, sum, shortcut).filter((value) => !own.has(value)),
    skipsFrom: shortcut && !own.has(shortcut.origin) ? shortcut.origin : undefined,
    dashed: shortcutInWords(shortcut, reading),
  }
}

/** What a dashed shortcut is made of: `1×1 conv + batch norm`. */
export function shortcutInWords(shortcut: Shortcut | undefined, { shapes }: Reading): string {
  return shortcut?.layers.map((node) => layerInGeneral(node, shapes)).join(' + ') ?? ''
}

/** The values that the layers take, but for those of the shortcut. */
function takenBy(nodes: readonly Node[], sum: Node | undefined, shortcut: Shortcut | undefined): readonly string[] {
  const main = nodes.filter((node) => !shortcut?.layers.includes(node))
  return main.flatMap((node) =>
    node === sum && shortcut?.kind === 'solid'
      ? node.inputs.filter((_, index) => index !== shortcut.input)
      : node.inputs,
  )
}

/** By how much a block subsamples, on the way where it does so most. */
function totalStride(nodes: readonly Node[]): Pair {
  const strides = new Map<string, Pair>()
  let total: Pair = [1, 1]
  for (const node of nodes) {
    const own = strideOf(node)
    const inputs = node.inputs.map((input) => strides.get(input) ?? ([1, 1] as const))
    const along = (axis: 0 | 1) => own[axis] * Math.max(1, ...inputs.map((stride) => stride[axis]))
    const stride: Pair = [along(0), along(1)]
    strides.set(node.name, stride)
    total = [Math.max(total[0], stride[0]), Math.max(total[1], stride[1])]
  }
  return total
}

const mostDetails = 6

/** The convolutions and poolings on a block's main way, `1×1, 64` · `3×3, 64` · `1×1, 256`, and the gates by name. */
function detailsOf(
  part: SummaryNode,
  nodes: readonly Node[],
  shortcut: Shortcut | undefined,
  reading: Reading,
): readonly string[] {
  const gates = gatesOf(part)
  const gated = new Set(gates.flatMap((gate) => layersOf(gate, reading)))
  const layers = nodes
    .filter((node) => isHeavy(node) && !gated.has(node) && !shortcut?.layers.includes(node))
    .map((node) => layerInBrief(node, reading.shapes))
  const shown = layers.length > mostDetails ? [...layers.slice(0, mostDetails - 2), '…', layers.at(-1)!] : layers
  return [...shown, ...gates.map((gate) => kindInWords(gate.kind))]
}

/** The scopes inside a block that multiply a value by a gate: attention. */
function gatesOf({ children }: SummaryNode): readonly SummaryNode[] {
  return children.flatMap((child) =>
    child.children.some(({ kind, children }) => kind === 'multiply' && children.length === 0)
      ? [child]
      : gatesOf(child),
  )
}

/** Whether a layer is named where a whole block is one box. */
function isHeavy({ op }: Node): boolean {
  return ['conv2d', 'linear', 'channelConv1d', 'maxPool', 'avgPool', 'blurPool', 'globalPool', 'concat'].includes(op)
}
