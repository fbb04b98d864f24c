import {
  disposedSession,
  type Graph,
  inputsOf,
  planInputs,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Shape,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { Host } from './host.js'

type Tensors = Readonly<Record<string, Tensor>>

/** A network in a worker of its own. */
export class NodeSession implements Session {
  readonly #graph: Graph
  readonly #host: Host
  readonly #description: SessionDescription
  /** The memory in which the inputs of the last run went over: new memory would cost more than the copying itself. */
  #spares: readonly Float32Array[] = []
  /** Ends when all that was asked of the worker has. */
  #last: Promise<unknown> = Promise.resolve()
  #disposal: Promise<void> | undefined

  constructor(graph: Graph, host: Host, description: SessionDescription) {
    this.#graph = graph
    this.#host = host
    this.#description = description
  }

  async run(inputs: Tensors, { signal }: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (this.#disposal) throw disposedSession(this.#description.backend, this.#graph)
    signal?.throwIfAborted()
    const shapes = planInputs(this.#graph, inputs)
    const computed = this.#enqueue(async () => {
      signal?.throwIfAborted()
      return this.#compute(inputs)
    })
    const outputs = await unlessAborted(computed, signal)
    const named = Object.entries(this.#graph.outputs).map(([name, node], index) => {
      return [name, tensor(shapes.get(node) as Shape, outputs[index].data)] as const
    })
    return Object.fromEntries(named)
  }

  describe(): SessionDescription {
    return this.#description
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#enqueue(() => this.#host.end())
    return this.#disposal
  }

  async #compute(inputs: Tensors) {
    // Copies, which are handed over: the caller keeps the originals.
    const copies = inputsOf(this.#graph).map(({ name }, index) => this.#copy(inputs[name], index))
    const transfer = copies.map(({ data }) => data.buffer)
    const reply = await this.#host.ask({ kind: 'run', inputs: copies }, 'outputs', transfer)
    this.#spares = reply.inputs
    return reply.outputs
  }

  #copy({ shape, data }: Tensor, index: number) {
    const spare = this.#spares[index]
    const copy = spare?.length === data.length ? (spare as Float32Array<ArrayBuffer>) : new Float32Array(data.length)
    copy.set(data)
    return { shape, data: copy }
  }

  #enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}

/** What a promise gives, or the reason of a signal that is aborted before. */
function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
