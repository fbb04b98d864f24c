import { type Backend, BackendError, type Beginning, type Network, type Session } from '@resnet-ts/graph'

/** A backend that is available. */
export interface Candidate {
  readonly backend: Backend
  /** What would compute, where the backend knows before there is a network. */
  readonly device: string | undefined
}

/** A network that is compiled, and on what. */
export interface Compiled {
  readonly backend: Backend
  readonly session: Session
}

/** Why a backend does not compute. */
interface Refusal {
  readonly backend: Backend
  readonly reason: string
}

/** The backends of a model: which computes, which are next should that fail, and why others do not. */
export class Backends {
  /** Those that may yet compute; the first does. */
  #left: readonly Backend[]
  /** Those that said that they are available. */
  readonly #candidates = new Map<Backend, Candidate>()
  readonly #refusals: Refusal[] = []
  readonly #beginnings = new Map<Backend, Beginning>()
  /** Why they compute in this order, if it is not the caller's. */
  #choice: string | undefined
  /** Ends when nobody moves on. */
  #moved: Promise<unknown> = Promise.resolve()

  /** Why these are given. */
  readonly #givenFor: readonly string[]

  private constructor(backends: readonly Backend[], givenFor: readonly string[]) {
    this.#left = backends
    this.#givenFor = givenFor
  }

  /**
   * Finds the first that is available.
   *
   * @param givenFor - why these are given, for `notes`
   * @throws {BackendError} with every backend's reason, when none is
   */
  static async of(given: readonly Backend[], givenFor: readonly string[] = []): Promise<Backends> {
    const backends = new Backends(given, givenFor)
    for (const backend of given) if (await backends.#isAvailable(backend)) return backends
    throw backends.#none()
  }

  /** The one that computes. */
  get current(): Backend {
    return this.#left[0]!
  }

  /** Whether another may compute, should this one fail. */
  hasOtherThan(backend: Backend): boolean {
    return this.#left.some((other) => other !== backend)
  }

  /** Why the one computes, and the others do not. */
  get notes(): readonly string[] {
    const refusals = this.#refusals.map(({ backend, reason }) => `Not on ${backend.name}: ${reason}.`)
    return [...this.#givenFor, ...(this.#choice === undefined ? [] : [this.#choice]), ...refusals]
  }

  /** All that are available. */
  async candidates(): Promise<readonly Candidate[]> {
    for (const backend of this.#left) await this.#isAvailable(backend)
    return this.#left.map((backend) => this.#candidates.get(backend)!)
  }

  /** Puts the backends in this order, for a reason that `notes` tells. */
  order(backends: readonly Backend[], choice: string): void {
    this.#left = backends
    this.#choice = choice
  }

  /** Lets backends begin what needs no network. */
  begin(backends: readonly Backend[]): void {
    for (const backend of backends) {
      const beginning = backend.begin?.()
      if (beginning) this.#beginnings.set(backend, beginning)
    }
  }

  /** Ends what was begun, and not used. */
  async endBeginnings(): Promise<void> {
    const beginnings = [...this.#beginnings.values()]
    this.#beginnings.clear()
    await Promise.all(beginnings.map((beginning) => beginning.end()))
  }

  /** Compiles on this backend, with what it has begun. */
  async compileOn(backend: Backend, { graph, params }: Network): Promise<Compiled> {
    const session = await backend.compile(graph, params, this.#beginnings.get(backend))
    return { backend, session }
  }

  /**
   * Compiles on the one that computes or, should it fail, on the next that does not.
   *
   * @throws {BackendError} when all fail, with the reason of each; whatever else a backend throws
   */
  async compile(network: Network): Promise<Compiled> {
    for (let { current } = this; ; ) {
      try {
        return await this.compileOn(current, network)
      } catch (error) {
        if (!(error instanceof BackendError)) throw error
        const next = await this.moveOn(current, error)
        if (!next) throw this.#refusals.length > 0 ? this.#none({ backend: current, error }) : error
        current = next
      }
    }
  }

  /**
   * Rules out a backend that failed, if another is available.
   *
   * @returns the one that computes from then on; undefined where there is none
   */
  moveOn(failed: Backend, error: BackendError): Promise<Backend | undefined> {
    const moved = this.#moved.then(async () => {
      if (this.current !== failed) return this.current
      for (const backend of this.#left.slice(1)) {
        if (!(await this.#isAvailable(backend))) continue
        this.refuse(failed, reasonOf(error))
        return backend
      }
      return undefined
    })
    this.#moved = moved.catch(() => undefined)
    return moved
  }

  /** Rules out a backend, for a reason that `notes` tells. */
  refuse(backend: Backend, reason: string): void {
    this.#left = this.#left.filter((other) => other !== backend)
    this.#refusals.push({ backend, reason })
  }

  async #isAvailable(backend: Backend): Promise<boolean> {
    if (this.#candidates.has(backend)) return true
    const availability = await backend.isAvailable()
    if (availability.available) this.#candidates.set(backend, { backend, device: availability.device })
    else this.refuse(backend, availability.reason)
    return availability.available
  }

  #none(last?: { readonly backend: Backend; readonly error: BackendError }): BackendError {
    const refusals = last ? [...this.#refusals, { ...last, reason: reasonOf(last.error) }] : this.#refusals
    const reasons = refusals.map(({ backend, reason }) => `${backend.name}: ${reason}`)
    return new BackendError({
      subject: 'backends',
      expected: 'one that is available here',
      found: reasons.length > 0 ? reasons.join('; ') : 'an empty list',
      cause: last?.error,
    })
  }
}

/** An error's message, to go on with in a sentence. */
export function reasonOf({ message }: BackendError): string {
  return message.replace(/\.$/, '')
}
