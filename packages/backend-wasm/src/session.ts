import {
  BackendError,
  disposedSession,
  type Graph,
  inputsOf,
  type Network,
  type NodeTime,
  planInputs,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import type { PlainTensor } from './engine/engine.js'
import type { Staff } from './staff.js'
import { pack } from './team/pack.js'
import type { Team } from './team/team.js'

type Tensors = Readonly<Record<string, Tensor>>

/** A network in WebAssembly memory. */
export class WasmSession implements Session {
  readonly #graph: Graph
  readonly #device: string
  readonly #notes: readonly string[]
  /** None once all is freed. */
  #staff: Staff | undefined
  #team: Team
  /** The network, to pack it once more where the memory went with its thread; none if its parameters are gone. */
  readonly #again: () => Network | undefined
  #profile: readonly NodeTime[] | undefined
  /** The memory in which the inputs of the last run went over: new memory would cost more than the copying itself. */
  #spares: (PlainTensor | undefined)[] = []
  /** Ends when all that was asked has. */
  #last: Promise<unknown> = Promise.resolve()
  #disposal: Promise<void> | undefined

  /**
   * @param staff - with the parameters packed
   * @param again - the same network once more, if its parameters are still there
   */
  constructor(graph: Graph, staff: Staff, again: () => Network | undefined) {
    this.#graph = graph
    this.#device = staff.device
    this.#notes = staff.notes
    this.#staff = staff
    this.#team = staff.team
    this.#again = again
  }

  async run(inputs: Tensors, { signal }: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (this.#disposal) throw disposedSession('wasm', this.#graph)
    signal?.throwIfAborted()
    planInputs(this.#graph, inputs)
    // Copied at once: the caller may write to them as soon as this returns.
    const copies = inputsOf(this.#graph).map(({ name }, index) => this.#copy(inputs[name], index))
    return this.#enqueue(() => this.#compute(copies, signal))
  }

  describe(): SessionDescription {
    const { memoryBytes } = this.#team
    return { backend: 'wasm', device: this.#device, notes: this.#notes, memoryBytes, profile: this.#profile }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#enqueue(async () => {
      this.#staff = undefined
      this.#spares = []
      await this.#team.end()
    })
    return this.#disposal
  }

  async #compute(inputs: readonly PlainTensor[], signal: AbortSignal | undefined): Promise<Record<string, Tensor>> {
    signal?.throwIfAborted()
    if (this.#team.hasEnded) await this.#revive(this.#staff!)
    signal?.throwIfAborted()
    const cancel = () => this.#team.cancel()
    signal?.addEventListener('abort', cancel)
    try {
      const transfer = inputs.map(({ data }) => data.buffer as ArrayBuffer)
      const question = { kind: 'run', inputs, pausing: signal !== undefined } as const
      const reply = await this.#team.ask(question, ['result', 'cancelled'], transfer)
      signal?.throwIfAborted()
      if (reply.kind === 'cancelled') throw this.#unusable('its run to end', 'that it was cancelled by nobody')
      this.#profile = reply.profile
      this.#spares = [...reply.inputs]
      const names = Object.keys(this.#graph.outputs)
      return Object.fromEntries(names.map((name, i) => [name, tensor(reply.outputs[i].shape, reply.outputs[i].data)]))
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  #copy({ shape, data }: Tensor, index: number): PlainTensor {
    const spare = this.#spares[index]?.data
    if (spare?.length !== data.length) return { shape, data: data.slice() }
    // Taken: another run may be asked for before this one has ended.
    this.#spares[index] = undefined
    spare.set(data)
    return { shape, data: spare }
  }

  /** New threads for those that ended by themselves. */
  async #revive(staff: Staff): Promise<void> {
    const network = staff.keepsMemory ? undefined : this.#again()
    if (!staff.keepsMemory && !network) {
      const advice = 'dispose of the session and compile the graph again'
      throw this.#unusable('its thread, which held the packed weights', 'that it has ended', advice)
    }
    // Until they are gone, the old ones may use the memory.
    await this.#team.end()
    const team = await staff.rehire()
    if (network) await pack(network, team)
    this.#team = team
  }

  #unusable(expected: string, found: string, advice?: string): BackendError {
    return new BackendError({ subject: `the wasm session of '${this.#graph.name}'`, expected, found, advice })
  }

  #enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}
