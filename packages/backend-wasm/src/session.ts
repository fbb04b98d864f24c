import {
  BackendError,
  type Graph,
  inputsOf,
  type Network,
  type NodeTime,
  type Params,
  parametersOf,
  planInputs,
  type RunOptions,
  readParameter,
  type Session,
  type SessionDescription,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { NodeValues } from './engine/weights.js'
import type { Team } from './team.js'

type Tensors = Readonly<Record<string, Tensor>>

/** How a session gets its threads. */
export interface Staff {
  /** @param resumed - whether the memory, shared with threads that have ended, holds the packed weights already */
  hire(resumed: boolean): Promise<Team>
  /** Whether the memory outlives the threads. */
  readonly keepsMemory: boolean
  readonly device: string
  readonly notes: readonly string[]
}

/** A network in WebAssembly memory. */
export class WasmSession implements Session {
  readonly #graph: Graph
  readonly #staff: Staff
  /** What to pack once more where the memory went with its thread; not kept alive for that. */
  readonly #params: WeakRef<Params>
  #team: Team
  #memoryBytes = 0
  #profile: readonly NodeTime[] | undefined
  /** Ends when all that was asked has. */
  #last: Promise<unknown> = Promise.resolve()
  #disposal: Promise<void> | undefined

  private constructor({ graph, params }: Network, staff: Staff, team: Team) {
    this.#graph = graph
    this.#staff = staff
    this.#params = new WeakRef(params)
    this.#team = team
  }

  /** Starts threads and packs the parameters of a lowered network. */
  static async open(network: Network, staff: Staff): Promise<WasmSession> {
    const session = new WasmSession(network, staff, await staff.hire(false))
    try {
      await session.#pack(network.params)
      return session
    } catch (error) {
      await session.#team.end()
      throw error
    }
  }

  async run(inputs: Tensors, { signal }: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (this.#disposal) {
      throw new BackendError({
        subject: `the wasm session of '${this.#graph.name}'`,
        expected: 'a session in use',
        found: 'one that was disposed of',
        advice: 'compile the graph again',
      })
    }
    signal?.throwIfAborted()
    planInputs(this.#graph, inputs)
    // Copied at once: the caller may write to them as soon as this returns.
    const copies = inputsOf(this.#graph).map(({ name }) => ({
      shape: inputs[name].shape,
      data: inputs[name].data.slice(),
    }))
    return this.#enqueue(async () => {
      signal?.throwIfAborted()
      if (this.#team.hasEnded) await this.#revive()
      const cancel = () => this.#team.cancel()
      signal?.addEventListener('abort', cancel)
      try {
        const transfer = copies.map(({ data }) => data.buffer as ArrayBuffer)
        const question = { kind: 'run', inputs: copies, cancellable: signal !== undefined } as const
        const reply = await this.#team.ask(question, ['result', 'cancelled'], transfer)
        signal?.throwIfAborted()
        if (reply.kind === 'cancelled') throw new Error('cancelled by nobody')
        this.#memoryBytes = reply.memoryBytes
        this.#profile = reply.profile
        const names = Object.keys(this.#graph.outputs)
        return Object.fromEntries(names.map((name, i) => [name, tensor(reply.outputs[i].shape, reply.outputs[i].data)]))
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    })
  }

  describe(): SessionDescription {
    const { device, notes } = this.#staff
    return { backend: 'wasm', device, notes, memoryBytes: this.#memoryBytes, profile: this.#profile }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#enqueue(() => this.#team.end())
    return this.#disposal
  }

  async #pack(params: Params): Promise<void> {
    for (const node of this.#graph.nodes) {
      const specs = parametersOf(node)
      if (specs.length === 0) continue
      const values: NodeValues = Object.fromEntries(
        specs.map((spec) => [spec.key.slice(node.name.length + 1), readParameter(params, spec)]),
      )
      await this.#team.ask({ kind: 'pack', node: node.name, values }, ['packed'])
    }
  }

  /** New threads for those that ended by themselves. */
  async #revive(): Promise<void> {
    const params = this.#params.deref()
    if (!this.#staff.keepsMemory && !params) {
      throw new BackendError({
        subject: `the wasm session of '${this.#graph.name}'`,
        expected: 'its thread, which held the packed weights',
        found: 'that it has ended',
        advice: 'dispose of the session and compile the graph again',
      })
    }
    this.#team = await this.#staff.hire(this.#staff.keepsMemory)
    if (!this.#staff.keepsMemory) await this.#pack(params!)
  }

  #enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}
