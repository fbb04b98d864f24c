import { describeValue, isRecord } from './describe.js'
import { GraphError } from './errors.js'
import { failAt, type Graph, inferType, type Node } from './graph.js'
import { describeType, type ValueType } from './value.js'

/**
 * Checks that a graph is whole: every field is there, names are unique, every node comes after its inputs, every op's
 * channel rule holds and yields the recorded type, and every output and scope exists. Whatever JSON it is given, it
 * either accepts it as a graph or says what is wrong with it. Passes are followed by it.
 *
 * @throws {GraphError} naming the first node at fault
 */
export function verify(graph: Graph): void {
  requireGraph(graph)
  const types = new Map<string, ValueType>()
  for (const node of graph.nodes) {
    verifyNode(node, types)
    types.set(node.name, node.type)
  }
  verifyOutputs(graph, types)
  verifyScopes(graph, types)
  verifyOrder(graph, types)
}

function verifyNode(node: Node, types: ReadonlyMap<string, ValueType>): void {
  const fail = failAt(node)
  if (types.has(node.name)) fail('a name that is not taken', 'a second node of that name')
  const inputs = node.inputs.map(
    (input) => types.get(input) ?? fail('its inputs before it', `'${input}', which comes later or not at all`),
  )
  const inferred = inferType(node, inputs)
  const { dtype, rank, channels } = inferred
  if (dtype !== node.type.dtype || rank !== node.type.rank || channels !== node.type.channels) {
    const full = (type: ValueType) => `${type.dtype} ${describeType(type)}`
    fail(`the type ${full(inferred)}`, full(node.type))
  }
}

function verifyOutputs(graph: Graph, types: ReadonlyMap<string, ValueType>): void {
  const outputs = Object.entries(graph.outputs)
  if (outputs.length === 0) throw atGraph(graph, 'at least one output', 'none')
  for (const [name, node] of outputs) {
    if (!types.has(node))
      throw atGraph(graph, `a node for the output '${name}'`, `${describeValue(node)}, which does not exist`)
  }
}

function verifyScopes(graph: Graph, types: ReadonlyMap<string, ValueType>): void {
  const names = new Set<string>()
  for (const { name, output } of graph.scopes) {
    if (names.has(name)) throw atGraph(graph, 'scopes of different names', `'${name}' twice`)
    names.add(name)
    if (!types.has(output)) {
      throw atGraph(graph, `a node that leaves the scope '${name}'`, `${describeValue(output)}, which does not exist`)
    }
  }
}

function verifyOrder(graph: Graph, types: ReadonlyMap<string, ValueType>): void {
  const names = new Set<string>()
  for (const name of graph.checkpointOrder ?? []) {
    if (!types.has(name)) throw atGraph(graph, 'a checkpointOrder of its nodes', `'${name}', which does not exist`)
    if (names.has(name)) throw atGraph(graph, 'each node once in checkpointOrder', `'${name}' twice`)
    names.add(name)
  }
}

/** The fields of a graph, before any rule looks into them: it may come from a file. */
function requireGraph(graph: Graph): void {
  if (!isRecord(graph)) throw new GraphError({ subject: 'graph', expected: 'a graph', found: describeValue(graph) })
  const require = (holds: boolean, expected: string, found: unknown) => {
    if (!holds) throw atGraph(graph, expected, describeValue(found))
  }
  require(typeof graph.name === 'string', 'a name', graph.name)
  require(Array.isArray(graph.nodes), 'a list of nodes', graph.nodes)
  for (const node of graph.nodes) {
    require(isRecord(node) && isName(node.name), 'nodes that have names', isRecord(node) ? node.name : node)
    requireNode(node)
  }
  require(isRecord(graph.outputs), 'outputs by name', graph.outputs)
  const order: unknown = graph.checkpointOrder ?? []
  require(Array.isArray(order) && Array.from(order).every(isName), 'a checkpointOrder of names', order)
  require(Array.isArray(graph.scopes), 'a list of scopes', graph.scopes)
  for (const scope of graph.scopes) {
    require(isRecord(scope) && isName(scope.name), 'scopes that have names', isRecord(scope) ? scope.name : scope)
    require(isName(scope.kind), `a kind of the scope '${scope.name}'`, scope.kind)
  }
}

function requireNode(node: Node): void {
  const fail = failAt(node)
  if (!isName(node.op)) fail('the name of an op', describeValue(node.op))
  if (!Array.isArray(node.inputs) || !Array.from(node.inputs).every(isName))
    fail('a list of inputs', describeValue(node.inputs))
  if (!isRecord(node.attributes)) fail('its attributes', describeValue(node.attributes))
  if (!isRecord(node.type)) fail('the type of its value', describeValue(node.type))
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function atGraph(graph: Graph, expected: string, found: string): GraphError {
  return new GraphError({ subject: `graph ${describeValue(graph.name)}`, expected, found })
}
