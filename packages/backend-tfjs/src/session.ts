import {
  BackendError,
  disposedSession,
  type Graph,
  type Node,
  planInputs,
  ResnetError,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Shape,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { Tensor as TfTensor } from '@tensorflow/tfjs-core'
import type { TfjsDevice } from './device.js'
import type { Engine } from './engine.js'
import type { Kernel } from './kernel.js'
import { reasonOf } from './reason.js'
import type { TfjsCore } from './tfjsCore.js'

/** A node, what computes it, and the values that nobody needs once it is computed. */
export interface Step {
  readonly node: Node
  readonly kernel: Kernel
  readonly lastUses: readonly string[]
}

/** Where a session runs. */
export interface Target {
  readonly tf: TfjsCore
  readonly engine: Engine
  /** The tfjs backend. */
  readonly backendName: string
  /** Ours. */
  readonly name: string
  readonly device: TfjsDevice
}

type Inputs = Readonly<Record<string, Tensor>>

/** A graph's parameters on a tfjs backend, and its nodes as tfjs ops. */
export class TfjsSession implements Session {
  readonly #graph: Graph
  readonly #steps: readonly Step[]
  readonly #weights: readonly TfTensor[]
  readonly #target: Target
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
    return this.#target.engine.enqueue(() => this.#execute(inputs, signal))
  }

  describe(): SessionDescription {
    return { backend: this.#target.name, ...this.#target.device }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#target.engine.enqueue(async () => {
      for (const weight of this.#weights) weight.dispose()
    })
    return this.#disposal
  }

  async #execute(inputs: Inputs, signal: AbortSignal | undefined): Promise<Record<string, Tensor>> {
    const { tf, engine, backendName } = this.#target
    const shapes = planInputs(this.#graph, inputs)
    const values = new Map<string, TfTensor>()
    const compute = ({ node, kernel, lastUses }: Step) => {
      const value = atNode(node, this.#target, () => {
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
      await engine.inBursts(backendName, this.#steps, compute, signal)
      return await this.#read(values, inputs)
    } finally {
      for (const value of values.values()) value.dispose()
    }
  }

  /** The outputs, each in memory of its own: some backends hand out what they, or the caller, go on using. */
  async #read(values: ReadonlyMap<string, TfTensor>, inputs: Inputs): Promise<Record<string, Tensor>> {
    const taken = new Set(Object.values(inputs).map(({ data }) => data.buffer))
    const outputs = Object.entries(this.#graph.outputs).map(async ([name, node]) => {
      const value = values.get(node) as TfTensor
      const data = (await value.data()) as Float32Array
      const own = taken.has(data.buffer) ? data.slice() : data
      taken.add(own.buffer)
      return [name, tensor(value.shape, own)] as const
    })
    return Object.fromEntries(await Promise.all(outputs))
  }
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
export function atNode<Result>(node: Node, target: Target, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof ResnetError) throw cause
    throw new BackendError({
      subject: `node '${node.name}' (${node.op})`,
      expected: `'${target.name}' to compute it`,
      found: reasonOf(cause),
      cause,
    })
  }
}
