import { addCosts, type Cost, costOf, noCost } from './cost.js'
import type { Graph, Node } from './graph.js'
import { inferShapes, type Shapes } from './shapes.js'
import type { Shape } from './tensor.js'

/** A network as a tree: the network, its stages, their blocks, their layers. */
export interface SummaryNode {
  /** In full: `layer1.0.conv1`. */
  readonly name: string
  /** A scope's kind (`stage`, `bottleneck`) or a layer's op. */
  readonly kind: string
  /** What leaves it: `[batch, height, width, channels]` or `[batch, channels]`. */
  readonly shape: Shape
  /** Of the layer, or of all layers inside. */
  readonly cost: Cost
  /** Empty for a layer. */
  readonly children: readonly SummaryNode[]
}

/**
 * A graph as a tree with shapes and costs.
 *
 * @param inputs - the shape of each input
 * @throws {ShapeError} when the network cannot take them
 */
export function summarise(graph: Graph, inputs: Readonly<Record<string, Shape>>): SummaryNode {
  const shapes = inferShapes(graph, inputs)
  const root = { ...branch(graph.name, 'network', shapes.get(Object.values(graph.outputs)[0]!)!), prefix: '' }
  const branches = new Map([['', root as Branch]])
  for (const scope of graph.scopes) {
    branches.set(scope.name, branch(scope.name, scope.kind, shapes.get(scope.output)!))
  }
  const parents = new Set<string>()
  const attach = (name: string) => {
    if (name === '' || parents.has(name)) return
    parents.add(name)
    const outer = enclosing(name, branches)
    attach(outer)
    branches.get(outer)!.children.push(branches.get(name)!)
  }
  for (const node of graph.nodes) {
    const scope = enclosing(node.name, branches)
    attach(scope)
    branches.get(scope)!.children.push(leaf(node, shapes))
  }
  return total(root)
}

interface Branch extends SummaryNode {
  readonly children: SummaryNode[]
}

function branch(name: string, kind: string, shape: Shape): Branch {
  return { name, kind, shape, cost: noCost, children: [] }
}

function leaf(node: Node, shapes: Shapes): SummaryNode {
  const kind = node.op === 'activation' ? node.attributes.kind : node.op
  return { name: node.name, kind, shape: shapes.get(node.name)!, cost: costOf(node, shapes), children: [] }
}

/** The innermost scope around a name; the empty name is the network itself. */
function enclosing(name: string, scopes: ReadonlyMap<string, unknown>): string {
  let outer = name
  do outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))
  while (!scopes.has(outer))
  return outer
}

function total({ name, kind, shape, cost, children }: SummaryNode): SummaryNode {
  const totalled = children.map(total)
  return {
    name,
    kind,
    shape,
    cost: totalled.reduce((sum, child) => addCosts(sum, child.cost), cost),
    children: totalled,
  }
}
