import { GraphError } from './errors.js'
import { failAt, type Graph, type Node, opOf } from './graph.js'
import { describeType, type ValueType } from './value.js'

/**
 * Checks that a graph is whole: names are unique, every node comes after its inputs, every op's channel rule holds
 * and yields the recorded type, and every output and scope exists. Passes are followed by it.
 *
 * @throws {GraphError} naming the first node at fault
 */
export function verify(graph: Graph): void {
  const types = new Map<string, ValueType>()
  for (const node of graph.nodes) {
    verifyNode(node, types)
    types.set(node.name, node.type)
  }
  const outputs = Object.entries(graph.outputs)
  if (outputs.length === 0) throw atGraph(graph, 'at least one output', 'none')
  for (const [name, node] of outputs) {
    if (!types.has(node)) throw atGraph(graph, `a node for the output '${name}'`, `'${node}', which does not exist`)
  }
  for (const scope of graph.scopes) {
    if (!types.has(scope.output)) {
      throw atGraph(graph, `a node that leaves the scope '${scope.name}'`, `'${scope.output}', which does not exist`)
    }
  }
}

function verifyNode(node: Node, types: ReadonlyMap<string, ValueType>): void {
  const fail = failAt(node)
  if (types.has(node.name)) fail('a name that is not taken', 'a second node of that name')
  const inputs = node.inputs.map(
    (input) => types.get(input) ?? fail('its inputs before it', `'${input}', which comes later or not at all`),
  )
  const { arity, type } = opOf(node)
  if (inputs.length < arity[0] || inputs.length > arity[1]) fail(`${arity[0]} inputs`, String(inputs.length))
  const inferred = type(inputs, node.attributes, fail)
  const { dtype, rank, channels } = inferred
  if (dtype !== node.type.dtype || rank !== node.type.rank || channels !== node.type.channels) {
    fail(`the type ${describeType(inferred)}`, describeType(node.type))
  }
}

function atGraph(graph: Graph, expected: string, found: string): GraphError {
  return new GraphError({ subject: `graph '${graph.name}'`, expected, found })
}
