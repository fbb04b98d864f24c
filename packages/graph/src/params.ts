import { ParameterError } from './errors.js'
import { type Graph, type Node, opOf } from './graph.js'
import type { Initial } from './ops/op.js'
import { type Shape, sizeOf } from './tensor.js'

/**
 * One parameter's values, read when they are needed: a view of a checkpoint's bytes, or a computation that a pass
 * recorded. In PyTorch's layout: OIHW, `[out, in]`.
 */
export interface Parameter {
  readonly shape: Shape
  /** The values, row by row. Do not write to them: they may be the checkpoint's own memory. */
  read(): Float32Array
  /**
   * The same, at most `length` values at a time, in their order; each part is valid until the next is asked for. For values that
   * are computed when they are read: all at once they would take long, and room.
   */
  readParts?(length: number): Iterable<Float32Array>
}

/** A network's parameters by checkpoint key. */
export type Params = ReadonlyMap<string, Parameter>

/** A graph and its parameters: what passes take and return, and what a backend compiles. */
export interface Network {
  readonly graph: Graph
  readonly params: Params
}

/** What a graph wants to know of one parameter. */
export interface ParameterSpec {
  /** `layer1.0.conv1.weight`, as in a torchvision or timm checkpoint. */
  readonly key: string
  /** The name of the node that owns it. */
  readonly node: string
  readonly shape: Shape
  readonly initial: Initial
  /** False for running statistics. */
  readonly trainable: boolean
}

/** All parameters of a graph, in the order of a PyTorch `state_dict`. */
export function parameters(graph: Graph): readonly ParameterSpec[] {
  if (!graph.checkpointOrder) return graph.nodes.flatMap(parametersOf)
  const places = new Map(graph.checkpointOrder.map((name, place) => [name, place]))
  const place = (node: Node) => places.get(node.name) ?? places.size
  return graph.nodes.toSorted((left, right) => place(left) - place(right)).flatMap(parametersOf)
}

/** The parameters of one node. */
export function parametersOf(node: Node): readonly ParameterSpec[] {
  const owned = opOf(node).parameters?.(node.attributes) ?? []
  return owned.map(({ suffix, ...rest }) => ({ key: `${node.name}.${suffix}`, node: node.name, ...rest }))
}

/** A parameter whose values are at hand. They are not copied. */
export function parameter(shape: Shape, values: Float32Array): Parameter {
  return { shape, read: () => values }
}

/**
 * The values of one of a node's parameters, for a backend that packs them.
 *
 * @throws {ParameterError} when it is missing or does not have the elements its shape promises
 */
export function readParameter(params: Params, spec: ParameterSpec): Float32Array {
  const values = params.get(spec.key)?.read()
  if (values?.length !== sizeOf(spec.shape)) throw misfit(spec, values?.length)
  return values
}

/**
 * The same, at most `length` values at a time, for a backend that is to hold up nobody for long. Each part is valid until the next
 * is asked for.
 *
 * @throws {ParameterError} as `readParameter`, once that is known
 */
export function* readParameterParts(params: Params, spec: ParameterSpec, length: number): Generator<Float32Array> {
  const parts = params.get(spec.key)?.readParts?.(length)
  if (!parts) {
    const values = readParameter(params, spec)
    for (let from = 0; from < values.length; from += length) yield values.subarray(from, from + length)
    return
  }
  const size = sizeOf(spec.shape)
  let count = 0
  for (const part of parts) {
    count += part.length
    if (count > size) break
    yield part
  }
  if (count !== size) throw misfit(spec, count)
}

function misfit({ key, shape }: ParameterSpec, found: number | undefined): ParameterError {
  return new ParameterError({
    subject: `parameter '${key}'`,
    expected: `${sizeOf(shape)} values [${shape.join(', ')}]`,
    found: found === undefined ? 'nothing' : String(found),
  })
}

/**
 * Checks that every parameter is there and has its shape.
 *
 * @throws {ParameterError} naming the first few that are missing or misshapen, and how many more are
 */
export function checkParams({ graph, params }: Network): void {
  const faults = parameters(graph).flatMap(({ key, shape }) => {
    const found = params.get(key)?.shape
    if (found?.join() === shape.join()) return []
    return [found ? `'${key}' of shape [${found.join(', ')}] instead of [${shape.join(', ')}]` : `no '${key}'`]
  })
  if (faults.length > 0) {
    throw new ParameterError({
      subject: `parameters of '${graph.name}'`,
      expected: 'those the graph lists',
      found: faults.length > 5 ? `${faults.slice(0, 4).join(', ')} and ${faults.length - 4} more` : faults.join(', '),
    })
  }
}
