import {
  BackendError,
  type Network,
  type RunOptions,
  type Session,
  type SessionDescription,
  type Tensor,
} from '@resnet-ts/graph'
import type { Backends, Compiled } from './backends.js'

type Tensors = Readonly<Record<string, Tensor>>

/** A session that goes on with the next backend where the one that computes fails: its device is lost, say. */
export class LastingSession implements Session {
  readonly #backends: Backends
  readonly #network: Network
  #compiled: Compiled
  /** Ends with what computes once nobody moves on. */
  #moving: Promise<Compiled>
  #disposal: Promise<void> | undefined

  constructor(backends: Backends, network: Network, compiled: Compiled) {
    this.#backends = backends
    this.#network = network
    this.#compiled = compiled
    this.#moving = Promise.resolve(compiled)
  }

  async run(inputs: Tensors, options: RunOptions = {}): Promise<Record<string, Tensor>> {
    const compiled = this.#compiled
    // The caller may write to them as soon as this returns.
    const kept = this.#backends.hasOtherThan(compiled.backend) ? copiesOf(inputs) : undefined
    try {
      return await compiled.session.run(inputs, options)
    } catch (error) {
      if (!(error instanceof BackendError) || !kept || this.#disposal) throw error
      if (!(await this.#moveOn(compiled, error))) throw error
      options.signal?.throwIfAborted()
      return this.run(kept, options)
    }
  }

  describe(): SessionDescription {
    const description = this.#compiled.session.describe()
    return { ...description, notes: [...this.#backends.notes, ...description.notes] }
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#moving.then(({ session }) => session.dispose())
    return this.#disposal
  }

  /** Whether another session stands in the place of the one that failed. */
  async #moveOn(failed: Compiled, error: BackendError): Promise<boolean> {
    const moving = this.#moving.then((current) => (current === failed ? this.#replace(failed, error) : current))
    // Where no other backend takes the network, the session stays.
    this.#moving = moving.catch(() => failed)
    return (await moving) !== failed
  }

  async #replace(failed: Compiled, error: BackendError): Promise<Compiled> {
    if (!(await this.#backends.moveOn(failed.backend, error))) return failed
    this.#compiled = await this.#backends.compile(this.#network)
    // What is lost may not be freed any more.
    await failed.session.dispose().catch(() => undefined)
    return this.#compiled
  }
}

function copiesOf(inputs: Tensors): Tensors {
  const copies = Object.entries(inputs).map(([name, input]) => [name, { ...input, data: input.data.slice() }] as const)
  return Object.fromEntries(copies)
}
