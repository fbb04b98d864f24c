import {
  BackendError,
  disposedSession,
  type Graph,
  inferShapes,
  inputsOf,
  type Node,
  planInputs,
  ResnetError,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Shape,
  type Shapes,
  sizeOf,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { Tensor as TfTensor } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'
import { reasonOf } from './reason.js'
import type { TfjsRuntime } from './runtime.js'

/** A node, what computes it, and the values that nobody needs once it is computed. */
export interface Step {
  readonly node: Node
  readonly kernel: Kernel
  readonly lastUses: readonly string[]
}

/** Where a session runs. */
export interface Target {
  /** The backend's name. */
  readonly name: string
  readonly runtime: TfjsRuntime
}

type Inputs = Readonly<Record<string, Tensor>>
type Values = Map<string, TfTensor>

/** A graph's parameters on a tfjs backend, and its nodes as kernels. */
export class TfjsSession implements Session {
  readonly #graph: Graph
  readonly #steps: readonly Step[]
  readonly #weights: readonly TfTensor[]
  readonly #target: Target
  /** The shapes of inputs that the runtime is ready for. */
  readonly #ready = new Set<string>()
  #disposal: Promise<void> | undefined

  constructor(graph: Graph, steps: readonly Step[], weights: readonly TfTensor[], target: Target) {
    this.#graph = graph
    this.#steps = steps
    this.#weights = weights
    this.#target = target
  }

  async run(inputs: Inputs, { signal }: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (this.#disposal) throw disposedSession(this.#target.name, this.#graph)
    signal?.throwIfAborted()
    const { guard = (work) => work() } = this.#target.runtime
    return this.#target.runtime.host.engine.enqueue(() => guard(() => this.#execute(inputs, signal)))
  }

  describe(): SessionDescription {
    return { backend: this.#target.name, ...this.#target.runtime.device }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#target.runtime.host.engine.enqueue(async () => {
      this.disposeWeights()
      this.#target.runtime.close?.()
    })
    return this.#disposal
  }

  /** At once, where no run is under way. */
  disposeWeights(): void {
    for (const weight of this.#weights) weight.dispose()
  }

  /** Makes the runtime ready for inputs of these shapes, where no run is under way. */
  async makeReady(inputShapes: Readonly<Record<string, Shape>>): Promise<void> {
    const inputs = Object.entries(inputShapes).map(
      ([name, shape]) => [name, tensor(shape, new Float32Array(sizeOf(shape)))] as const,
    )
    await this.#prepare(Object.fromEntries(inputs), inferShapes(this.#graph, inputShapes))
  }

  async #prepare(inputs: Inputs, shapes: Shapes, signal?: AbortSignal): Promise<void> {
    const { prepare } = this.#target.runtime
    const key = inputsOf(this.#graph).map(({ name }) => shapes.get(name)?.join('×'))
    if (!prepare || this.#ready.has(key.join())) return
    await prepare(() => this.#compute(inputs, shapes, signal, async () => undefined))
    this.#ready.add(key.join())
  }

  async #execute(inputs: Inputs, signal: AbortSignal | undefined): Promise<Record<string, Tensor>> {
    const shapes = planInputs(this.#graph, inputs)
    await this.#prepare(inputs, shapes, signal)
    return this.#compute(inputs, shapes, signal, (values) => this.#read(values, inputs, shapes))
  }

  /** Calls every kernel, and hands over the values of the outputs before they are disposed of. */
  async #compute<Result>(
    inputs: Inputs,
    shapes: Shapes,
    signal: AbortSignal | undefined,
    use: (values: Values) => Promise<Result>,
  ): Promise<Result> {
    const { name: backend, runtime } = this.#target
    const { tf, engine } = runtime.host
    const values: Values = new Map()
    const compute = ({ node, kernel, lastUses }: Step) => {
      const value = atNode(node, backend, () => {
        if (node.op === 'input') return tf.tensor(inputs[node.name].data, [...inputs[node.name].shape])
        const given = node.inputs.map((name) => values.get(name) as TfTensor)
        return tf.tidy(() => kernel(given, shapes.get(node.name) as Shape))
      })
      // Kept, so that a scope that the caller may have open does not dispose of it.
      values.set(node.name, tf.keep(value))
      for (const name of lastUses) {
        values.get(name)?.dispose()
        values.delete(name)
      }
    }
    try {
      await engine.inBursts(runtime.backendName, this.#steps, compute, signal)
      return await use(values)
    } finally {
      for (const value of values.values()) value.dispose()
    }
  }

  /** The outputs, each in memory of its own: some backends hand out what they, or the caller, go on using. */
  async #read(values: Values, inputs: Inputs, shapes: Shapes): Promise<Record<string, Tensor>> {
    const { read = readEach } = this.#target.runtime
    const computed = [...new Set(Object.values(this.#graph.outputs))].filter((node) => !Object.hasOwn(inputs, node))
    const data = await read(computed.map((node) => values.get(node) as TfTensor))
    const dataOf = new Map(computed.map((node, index) => [node, data[index]]))
    const taken = new Set(Object.values(inputs).map(({ data }) => data.buffer))
    const outputs = Object.entries(this.#graph.outputs).map(([name, node]) => {
      const found = dataOf.get(node) ?? inputs[node].data
      const own = taken.has(found.buffer) ? found.slice() : found
      taken.add(own.buffer)
      return [name, tensor(shapes.get(node) as Shape, own)] as const
    })
    return Object.fromEntries(outputs)
  }
}

function readEach(values: readonly TfTensor[]): Promise<Float32Array[]> {
  return Promise.all(values.map(async (value) => (await value.data()) as Float32Array))
}

/** For each node, the values that are needed up to it and no further; outputs are needed to the end. */
export function lastUsesOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const needed = new Set(Object.values(graph.outputs))
  const lastUses = new Map<string, readonly string[]>()
  for (const node of graph.nodes.toReversed()) {
    const last = [...new Set(node.inputs)].filter((name) => !needed.has(name))
    for (const name of last) needed.add(name)
    lastUses.set(node.name, last)
  }
  return lastUses
}

/** Makes an error of tfjs one that tells which node it befell. */
export function atNode<Result>(node: Node, backend: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof ResnetError) throw cause
    throw new BackendError({
      subject: `node '${node.name}' (${node.op})`,
      expected: `'${backend}' to compute it`,
      found: reasonOf(cause),
      cause,
    })
  }
}
