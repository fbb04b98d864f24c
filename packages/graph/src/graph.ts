import { describeValue } from './describe.js'
import { GraphError, OptionError, type ResnetError } from './errors.js'
import { type OpAttributes, type OpName, ops } from './ops/index.js'
import type { Fail, Op } from './ops/op.js'
import type { ValueType } from './value.js'

/** One operation. It yields one value, which bears the node's name. */
export type Node<Name extends OpName = OpName> = {
  [Each in Name]: {
    /** Unique in the graph, and the prefix of the checkpoint keys of the node's parameters: `layer1.0.conv1`. */
    readonly name: string
    readonly op: Each
    /** Names of the nodes whose values it takes. */
    readonly inputs: readonly string[]
    readonly attributes: OpAttributes[Each]
    readonly type: ValueType
  }
}[Name]

/** A named part of the network, as its author wrote it: a stage, a block, a shortcut. */
export interface Scope {
  /** `layer1`, `layer1.0`, `layer2.0.downsample`: the prefix of the names of its nodes. */
  readonly name: string
  /** What it is, in the field's words: `stage`, `basicBlock`, `downsample`. */
  readonly kind: string
  /** The node whose value leaves it. */
  readonly output: string
}

/**
 * A network as data. It has no image size and no weights, and it is plain JSON; one that was read from a file goes
 * through `verify` first. Nodes stand in an order in which they can be computed, which is also that of their parameters
 * in a checkpoint, unless `checkpointOrder` says otherwise.
 */
export interface Graph {
  readonly name: string
  readonly nodes: readonly Node[]
  /** What a run yields: the caller's name of each output, and the node that computes it. */
  readonly outputs: Readonly<Record<string, string>>
  readonly scopes: readonly Scope[]
  /** Node names in the order of their parameters in a checkpoint, where that is not the order of `nodes`. */
  readonly checkpointOrder?: readonly string[]
}

/**
 * The rules of a node's op.
 *
 * @throws {GraphError} when there is no such op
 */
export function opOf(node: Pick<Node, 'name' | 'op'>): Op<Node['attributes']> {
  if (!Object.hasOwn(ops, node.op)) failAt(node)(`one of the ops ${Object.keys(ops).join(', ')}`, 'none of them')
  return ops[node.op] as Op<Node['attributes']>
}

/**
 * The type that a node's value has by its op's channel rule.
 *
 * @throws {GraphError} when the op is unknown, or refuses the attributes or the inputs
 */
export function inferType(node: Pick<Node, 'name' | 'op' | 'attributes'>, inputs: readonly ValueType[]): ValueType {
  const { arity, type } = opOf(node)
  const [least, most] = arity
  const fail = failAt(node)
  if (inputs.length < least || inputs.length > most) fail(describeArity(least, most), String(inputs.length))
  return type(inputs, node.attributes, fail)
}

function describeArity(least: number, most: number): string {
  if (!Number.isFinite(most)) return `at least ${least} ${least === 1 ? 'input' : 'inputs'}`
  return `${least === most ? '' : `${least} or `}${most} ${most === 1 ? 'input' : 'inputs'}`
}

/** The `fail` that op rules are given: raises a `GraphError`, or another kind, which names the node. */
export function failAt(
  node: { readonly name: string; readonly op: string },
  ErrorClass: typeof ResnetError = GraphError,
): Fail {
  return (expected, found, advice) => {
    // A graph that was read from a file may have anything there.
    const op = typeof node.op === 'string' ? node.op : describeValue(node.op)
    throw new ErrorClass({ subject: `node '${node.name}' (${op})`, expected, found, advice })
  }
}

/** The graph's input nodes. */
export function inputsOf(graph: Graph): readonly Node<'input'>[] {
  return graph.nodes.filter((node) => node.op === 'input')
}

/** The graph's nodes by name. */
export function nodesByName(graph: Graph): ReadonlyMap<string, Node> {
  return new Map(graph.nodes.map((node) => [node.name, node]))
}

/**
 * The same graph with other outputs, and without the nodes (inputs too) that none of them needs. An output may be named by a
 * node (`layer1.0.conv1`), by a scope (`layer1`, `layer1.0`: the value that leaves it), or by an output the graph
 * already has (`logits`). Choose outputs before passes: fusion keeps the value of each.
 *
 * @throws {OptionError} naming all outputs that do not exist
 */
export function selectOutputs(graph: Graph, names: readonly string[]): Graph {
  const nodes = nodesByName(graph)
  const scopes = new Map(graph.scopes.map((scope) => [scope.name, scope.output]))
  const outputs = new Map(Object.entries(graph.outputs))
  const resolve = (name: string) => outputs.get(name) ?? (nodes.has(name) ? name : scopes.get(name))
  const unknown = names.filter((name) => resolve(name) === undefined)
  if (unknown.length > 0 || names.length === 0) {
    throw new OptionError({
      subject: `outputs of '${graph.name}'`,
      expected: 'names of nodes, scopes or outputs',
      found: unknown.length > 0 ? unknown.map((name) => `'${name}'`).join(', ') : 'none',
      advice: `its stages and outputs are ${[...topScopes(graph), ...Object.keys(graph.outputs)].join(', ')}`,
    })
  }
  return removeDeadNodes({ ...graph, outputs: Object.fromEntries(names.map((name) => [name, resolve(name)!])) })
}

function topScopes(graph: Graph): string[] {
  return graph.scopes.map((scope) => scope.name).filter((name) => !name.includes('.'))
}

/** The graph without the nodes (and scopes) that no output needs, nor any of the nodes `kept`. */
export function removeDeadNodes(graph: Graph, kept: readonly Node[] = []): Graph {
  const needed = new Set([...Object.values(graph.outputs), ...kept.map((node) => node.name)])
  for (const node of graph.nodes.toReversed()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input)
  }
  const { checkpointOrder: order } = graph
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => needed.has(node.name)),
    scopes: graph.scopes.filter((scope) => needed.has(scope.output)),
    ...(order && { checkpointOrder: order.filter((name) => needed.has(name)) }),
  }
}
