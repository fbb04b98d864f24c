import type { Backend, Graph, Node } from '@resnet-ts/graph'
import { type ConformanceCase, paramsOf, type Tensors } from './case.js'
import { compareTensors, expectedOf, runOnce } from './check.js'

/**
 * Runs all cases as one network, which is compiled once, and says in words what is wrong with each: for backends whose start
 * takes longer than a case. Sizes of one case stand beside those of all the others in one plan.
 */
export async function checkMerged(backend: Backend, cases: readonly ConformanceCase[]): Promise<string[]> {
  const parts = cases.map((testCase, index) => renamed(testCase, `case${index}.`))
  const graph: Graph = {
    name: 'all cases',
    nodes: parts.flatMap((part) => part.graph.nodes),
    outputs: merge(parts.map((part) => part.graph.outputs)),
    scopes: [],
  }
  const params = paramsOf({ graph, params: merge(parts.map((part) => part.params)) })
  const outputs = await runOnce(backend, { graph, params }, merge(parts.map((part) => part.inputs)))
  const faults: string[] = []
  for (const [index, testCase] of cases.entries()) {
    const prefix = `case${index}.`
    const actual = Object.entries(outputs).filter(([name]) => name.startsWith(prefix))
    const own: Tensors = Object.fromEntries(actual.map(([name, value]) => [name.slice(prefix.length), value]))
    const found = compareTensors(own, await expectedOf(testCase), testCase.tolerance)
    faults.push(...found.map((fault) => `${testCase.name}: ${fault}`))
  }
  return faults
}

/** A case with a prefix before the names of its nodes, and so of its inputs and parameters, and of its outputs. */
function renamed({ graph, params, inputs }: ConformanceCase, prefix: string) {
  const rename = (name: string) => `${prefix}${name}`
  const nodes = graph.nodes.map(
    (node) => ({ ...node, name: rename(node.name), inputs: node.inputs.map(rename) }) as Node,
  )
  const outputs = Object.entries(graph.outputs).map(([name, node]) => [rename(name), rename(node)] as const)
  return {
    graph: { nodes, outputs: Object.fromEntries(outputs) },
    params: withPrefix(params, prefix),
    inputs: withPrefix(inputs, prefix),
  }
}

function withPrefix(tensors: Tensors, prefix: string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [`${prefix}${name}`, value]))
}

function merge<Value>(records: readonly Readonly<Record<string, Value>>[]): Record<string, Value> {
  return Object.assign({}, ...records)
}
