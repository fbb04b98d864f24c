import type { Graph } from '../graph.js'
import { isInProjection, ownerOf } from './reading.js'
import { findShortcut } from './shortcut.js'

/** Where a block adds its residual to what came in: all three are nodes, whose values `features` can ask for. */
export interface Residual {
  /** The block's scope: `layer1.0`. */
  readonly block: string
  /** `basicBlock` */
  readonly kind: string
  /** The node that adds. */
  readonly sum: string
  /** The value that the block's layers computed, F(x). */
  readonly residual: string
  /** The value that it is added to: x, or x changed on its way. */
  readonly shortcut: string
  /** Solid for a value that is added as it is, dashed for one that is changed on its way. */
  readonly line: 'solid' | 'dashed'
}

/**
 * The residuals of a network, one a block, in the order in which they are computed. They are told by the graph's sums as
 * they were written: in one that passes have fused, a residual is no longer a value of its own, and is left out.
 */
export function residuals(graph: Graph): readonly Residual[] {
  const kinds = new Map(graph.scopes.map(({ name, kind }) => [name, kind]))
  const found = new Map<string, Residual>()
  for (const sum of graph.nodes) {
    const block = sum.op === 'add' ? ownerOf(sum, kinds) : undefined
    if (block === undefined) continue
    const inside = graph.nodes.filter(({ name }) => name.startsWith(`${block}.`))
    const shortcut = findShortcut(sum, inside, (node) => isInProjection(node, { kinds }))
    if (!shortcut) continue
    const [left, right] = sum.inputs as [string, string]
    const ends = shortcut.input === 0 ? { shortcut: left, residual: right } : { shortcut: right, residual: left }
    found.set(block, { block, kind: kinds.get(block)!, sum: sum.name, ...ends, line: shortcut.kind })
  }
  return [...found.values()]
}
