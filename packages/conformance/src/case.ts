import { goldenTensor, type Tolerance } from '@resnet-ts/golden'
import {
  type Graph,
  GraphBuilder,
  inputsOf,
  type Network,
  type Params,
  parameter,
  parameters,
  type Shape,
  type Tensor,
  tensor,
  type Value,
} from '@resnet-ts/graph'

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>

/** A network whose parameters are at hand: plain data, unlike a `Network`. */
export interface PlainNetwork {
  readonly graph: Graph
  /** By checkpoint key, in PyTorch's layout. */
  readonly params: Tensors
}

/** One run of one network, and what it yields. Plain data, that can be handed to a worker or a page. */
export interface ConformanceCase extends PlainNetwork {
  /** Unique. */
  readonly name: string
  readonly inputs: Tensors
  /** The outputs, from PyTorch; or 'reference': what the reference backend makes of `origin`. */
  readonly expected: Tensors | 'reference'
  /** What passes made the network from; the network itself if left out. */
  readonly origin?: PlainNetwork
  readonly tolerance: Tolerance
}

/** What float32 sums of some hundred products of about 1 need, and leave to spare in networks of a few blocks too. */
export const caseTolerance: Tolerance = { absolute: 1e-5, relative: 1e-5 }

/** A network's parameters as a backend takes them. They are not copied. */
export function paramsOf({ params }: PlainNetwork): Params {
  return new Map(Object.entries(params).map(([key, { shape, data }]) => [key, parameter(shape, data)]))
}

/** A network with all parameters read. */
export function plain({ graph, params }: Network): PlainNetwork {
  const entries = [...params].map(([key, { shape, read }]) => [key, tensor(shape, read())] as const)
  return { graph, params: Object.fromEntries(entries) }
}

/** A graph with the golden values of its parameters' keys. */
export function withGoldenParams(graph: Graph): PlainNetwork {
  const entries = parameters(graph).map(({ key, shape }) => [key, tensor(shape, goldenTensor(key, shape))] as const)
  return { graph, params: Object.fromEntries(entries) }
}

/** Inputs between -2 and 2 for a graph, by the shapes of its inputs in their order. */
export function inputsFor(graph: Graph, shapes: readonly Shape[]): Tensors {
  const entries = inputsOf(graph).map(({ name }, index) => {
    const shape = shapes[index]
    return [name, tensor(shape, goldenTensor(name, shape))] as const
  })
  return Object.fromEntries(entries)
}

/** A case of one op or a few, of which the reference says what they yield; its inputs are `a`, `b`, … */
export function opCase(
  name: string,
  shapes: readonly Shape[],
  write: (g: GraphBuilder, ...values: Value[]) => Value,
): ConformanceCase {
  const graph = opGraph(shapes, write)
  const inputs = inputsFor(graph, shapes)
  return { name, ...withGoldenParams(graph), inputs, expected: 'reference', tolerance: caseTolerance }
}

/** A graph of what `write` writes, with inputs `a`, `b`, … for values of these shapes, and the output `y`. */
export function opGraph(shapes: readonly Shape[], write: (g: GraphBuilder, ...values: Value[]) => Value): Graph {
  const g = new GraphBuilder('ops')
  const values = shapes.map((shape, index) =>
    g.input('abcdef'[index], { channels: shape.at(-1) as number, rank: shape.length === 4 ? 4 : 2 }),
  )
  g.output('y', write(g, ...values))
  return g.build()
}
