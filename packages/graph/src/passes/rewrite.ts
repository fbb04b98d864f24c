import { GraphError } from '../errors.js'
import { type Graph, inputsOf, type Node, removeDeadNodes } from '../graph.js'
import { type Network, type Parameter, type Params, parameters } from '../params.js'
import { verify } from '../verify.js'

/** What a rewrite may ask about the graph around a node. */
export interface Surroundings {
  /** The node that computes a value, as rewritten so far. */
  node(name: string): Node
  /** Whether a value has one use only and is no output, so that nobody notices when it is gone. */
  isPrivate(name: string): boolean
  /** A name for a new node: this one, or with the first number that makes it unique. */
  unusedName(name: string): string
  /** As rewritten so far; a rewrite keeps single parameters of it, never the map, which goes on changing. */
  readonly params: Params
}

/** What takes a node's place. */
interface Replacement {
  /** Nodes in place of the node, in order. */
  readonly nodes: readonly Node[]
  /** The value that stands for the node's own from now on. */
  readonly value: string
  /** Earlier nodes that these replace too. */
  readonly removes?: readonly string[]
  /** Parameters of the new nodes; those of removed nodes go by themselves. */
  readonly params?: ReadonlyMap<string, Parameter>
}

/** One named rule, tried at every node in order. */
export interface Rewrite {
  readonly name: string
  apply(node: Node, around: Surroundings): Replacement | undefined
}

/**
 * Applies rules one after another, each over the whole graph, drops what is dead (but not inputs: a network is run
 * with the same ones before and after), and verifies the graph after each that changed it.
 *
 * @throws {GraphError} when a rule broke the graph, naming the rule
 */
export function applyRewrites(network: Network, rewrites: readonly Rewrite[]): Network {
  const { graph, params } = network
  return rewrites.reduce(applyRewrite, { graph, params: keepUsed(graph, params) })
}

function applyRewrite(network: Network, rewrite: Rewrite): Network {
  const { graph, params } = network
  const uses = countUses(graph)
  const outputs = new Set(Object.values(graph.outputs))
  const names = new Set(graph.nodes.map((node) => node.name))
  const nodes = new Map<string, Node>()
  const added = new Map(params)
  const renamed = new Map<string, string>()
  const current = (name: string) => renamed.get(name) ?? name
  const around: Surroundings = {
    node: (name) => nodes.get(name)!,
    isPrivate: (name) => uses.get(name) === 1 && !outputs.has(name),
    unusedName: (name) => unusedName(name, names),
    params: added,
  }
  let isChanged = false
  for (const original of graph.nodes) {
    const isRenamed = original.inputs.some((input) => renamed.has(input))
    const node = isRenamed ? ({ ...original, inputs: original.inputs.map(current) } as Node) : original
    const replacement = rewrite.apply(node, around)
    if (replacement) isChanged = true
    for (const removed of replacement?.removes ?? []) nodes.delete(removed)
    for (const put of replacement?.nodes ?? [node]) nodes.set(put.name, put)
    for (const [key, parameter] of replacement?.params ?? []) added.set(key, parameter)
    if (replacement && replacement.value !== node.name) {
      renamed.set(node.name, replacement.value)
      // The value that stands for the node takes over its uses, less the node's own, and is an output where it was.
      const own = node.inputs.filter((input) => input === replacement.value).length
      uses.set(replacement.value, (uses.get(replacement.value) ?? 0) - own + (uses.get(node.name) ?? 0))
      if (outputs.has(node.name)) outputs.add(replacement.value)
    }
  }
  const whole: Graph = {
    ...graph,
    nodes: [...nodes.values()],
    outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, current(node)])),
    scopes: graph.scopes.map((scope) => ({ ...scope, output: current(scope.output) })),
  }
  const rewritten = removeDeadNodes(whole, inputsOf(whole))
  if (!isChanged && rewritten.nodes.length === graph.nodes.length) return network
  verifyAfter(rewrite, rewritten)
  return { graph: rewritten, params: keepUsed(rewritten, added) }
}

function verifyAfter({ name }: Rewrite, graph: Graph): void {
  try {
    verify(graph)
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)
    throw new GraphError({ subject: `rewrite '${name}'`, expected: 'to leave the graph whole', found, cause })
  }
}

/** The name, or with the first number that makes it unique; it is taken from then on. */
function unusedName(name: string, names: Set<string>): string {
  let unused = name
  for (let count = 2; names.has(unused); count++) unused = `${name}${count}`
  names.add(unused)
  return unused
}

function countUses(graph: Graph): Map<string, number> {
  const uses = new Map<string, number>()
  for (const node of graph.nodes) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  return uses
}

function keepUsed(graph: Graph, params: Params): Params {
  const used = parameters(graph).map(({ key }) => key)
  return new Map(used.flatMap((key) => (params.has(key) ? [[key, params.get(key)!] as const] : [])))
}
