import { type Graph, type Node, nodesByName } from '../graph.js'
import type { Shapes } from '../shapes.js'
import type { SummaryNode } from '../summary.js'
import { isSum } from './shortcut.js'

/** A graph with what the parts of a diagram are told by. */
export interface Reading {
  readonly graph: Graph
  readonly shapes: Shapes
  readonly nodes: ReadonlyMap<string, Node>
  /** Where each node stands in the order of the graph. */
  readonly places: ReadonlyMap<string, number>
  /** How many nodes take a value. */
  readonly users: ReadonlyMap<string, number>
  /** What each scope is. */
  readonly kinds: ReadonlyMap<string, string>
  /** The scopes that have a sum of their own. */
  readonly blocks: ReadonlySet<string>
}

export function readingOf(graph: Graph, shapes: Shapes): Reading {
  const users = new Map<string, number>()
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs)) users.set(input, (users.get(input) ?? 0) + 1)
  }
  const kinds = new Map(graph.scopes.map((scope) => [scope.name, scope.kind]))
  const blocks = new Set<string>()
  for (const node of graph.nodes) {
    const owner = isSum(node) ? ownerOf(node, kinds) : undefined
    if (owner !== undefined) blocks.add(owner)
  }
  const places = new Map(graph.nodes.map((node, index) => [node.name, index]))
  return { graph, shapes, nodes: nodesByName(graph), places, users, kinds, blocks }
}

/** The scopes around a node or a scope, from the innermost out. */
export function scopesAround(name: string, kinds: ReadonlyMap<string, string>): readonly string[] {
  const scopes: string[] = []
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const scope = name.slice(0, end)
    if (kinds.has(scope)) scopes.push(scope)
  }
  return scopes
}

/** The scope that a layer is part of, shortcuts aside: passes may fuse the sum of a block into its shortcut. */
export function ownerOf({ name }: Node, kinds: ReadonlyMap<string, string>): string | undefined {
  return scopesAround(name, kinds).find((scope) => !isProjection(scope, kinds))
}

/** Whether a layer stands in a scope that says it is a shortcut. */
export function isInProjection({ name }: Node, { kinds }: Pick<Reading, 'kinds'>): boolean {
  return scopesAround(name, kinds).some((scope) => isProjection(scope, kinds))
}

function isProjection(scope: string, kinds: ReadonlyMap<string, string>): boolean {
  return kinds.get(scope) === 'downsample' || kinds.get(scope) === 'shortcut'
}

/** The layers of a part, in the order in which they are computed. */
export function layersOf(part: SummaryNode, { nodes, places }: Reading): readonly Node[] {
  const layers: Node[] = []
  const visit = ({ name, children }: SummaryNode) => {
    if (children.length === 0) layers.push(nodes.get(name)!)
    for (const child of children) visit(child)
  }
  visit(part)
  return layers.sort((left, right) => places.get(left.name)! - places.get(right.name)!)
}

/** The values that layers take from elsewhere. */
export function valuesInto(layers: readonly Node[]): readonly string[] {
  const own = new Set(layers.map((layer) => layer.name))
  return [...new Set(layers.flatMap((layer) => layer.inputs).filter((input) => !own.has(input)))]
}

/** The names of the network's outputs that are among these values. */
export function outputsAmong(values: readonly string[], { graph }: Reading): readonly string[] {
  const among = new Set(values)
  return Object.keys(graph.outputs).filter((output) => among.has(graph.outputs[output]!))
}
