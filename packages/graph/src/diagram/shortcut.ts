import type { Node } from '../graph.js'

/** How a value reaches the sum that ends its block. */
export interface Shortcut {
  /** Solid for a value that is added as it is, dashed for one that is changed on its way. */
  readonly kind: 'solid' | 'dashed'
  /** The value it starts from, which the other side of the sum is computed from too. */
  readonly origin: string
  /** The layers on its way, in order; none if it is solid. */
  readonly layers: readonly Node[]
  /** Which of the sum's inputs it arrives at. */
  readonly input: 0 | 1
}

/** Whether a node is a sum of two values: an `add`, or a convolution that one has been fused into. */
export function isSum(node: Node): boolean {
  return node.op === 'add' || (node.op === 'conv2d' && node.attributes.epilogue?.residual === true)
}

/**
 * The shortcut that arrives at a sum, told by the graph alone: the side that has no layers of its own, where there is
 * one; else the side whose last layer is a projection; else the side with fewer layers, and of two alike the second.
 *
 * @param nodes - where to look, in order, up to the sum: what they take from elsewhere is the start of all
 * @param isProjection - whether a layer is in a part of the network that is known as a shortcut
 * @returns nothing when the layers of the two sides have no value in common
 */
export function findShortcut(
  sum: Node,
  nodes: readonly Node[],
  isProjection: (node: Node) => boolean,
): Shortcut | undefined {
  const sides = sidesOf(sum, nodes)
  if (!sides) return undefined
  const [left, right] = sides
  const input = rank(right, isProjection) <= rank(left, isProjection) ? 1 : 0
  const shortcut = sides[input]
  const own = new Set(shortcut.layers.map((node) => node.name))
  const origin = shortcut.layers.flatMap((node) => node.inputs).find((input) => !own.has(input)) ?? shortcut.end
  return { kind: own.size === 0 ? 'solid' : 'dashed', origin, layers: shortcut.layers, input }
}

interface Side {
  /** The value that enters the sum. */
  readonly end: string
  /** The layers that only this side of the sum needs, in order. */
  readonly layers: readonly Node[]
}

function rank({ layers }: Side, isProjection: (node: Node) => boolean): number {
  if (layers.length === 0) return -2
  return isProjection(layers.at(-1)!) ? -1 : layers.length
}

const leftOnly = 1
const rightOnly = 2
const both = 3

/**
 * Walks back from both operands at once until no value is left that one side alone needs, so that the work is that of
 * the block, however long the network.
 */
function sidesOf(sum: Node, nodes: readonly Node[]): readonly [Side, Side] | undefined {
  const [leftEnd, rightEnd] = sum.inputs as [string, string]
  const needs = new Map<string, number>()
  const undecided = new Set<string>()
  const need = (value: string, side: number) => {
    const sides = (needs.get(value) ?? 0) | side
    needs.set(value, sides)
    if (sides === both) undecided.delete(value)
    else undecided.add(value)
  }
  need(leftEnd, leftOnly)
  need(rightEnd, rightOnly)
  const layers: { [side: number]: Node[] } = { [leftOnly]: [], [rightOnly]: [], [both]: [] }
  // A fused convolution is itself the last layer of its left side.
  if (sum.op === 'conv2d') layers[leftOnly]!.push(sum)
  for (let index = nodes.indexOf(sum) - 1; index >= 0 && undecided.size > 0; index--) {
    const node = nodes[index]!
    const side = needs.get(node.name)
    if (side === undefined) continue
    undecided.delete(node.name)
    layers[side]!.push(node)
    for (const input of node.inputs) need(input, side)
  }
  const [left, right] = [layers[leftOnly]!, layers[rightOnly]!]
  // A value from elsewhere that is added to layers needs no start in common with them.
  const fromElsewhere = (left.length === 0) !== (right.length === 0)
  if (!fromElsewhere && ![...needs.values()].includes(both)) return undefined
  return [
    { end: leftEnd, layers: left.reverse() },
    { end: rightEnd, layers: right.reverse() },
  ]
}
