import { BackendError, type Node, type Params } from '@resnet-ts/graph'
import type { Settings } from '../engine/engine.js'
import { type Region, releaseHelpers, setCancelled } from '../engine/memory.js'
import type { Reply } from '../engine/messages.js'
import { Stretch } from '../engine/pause.js'
import { Member, silent } from './member.js'
import { Parcel } from './parcel.js'
import { stage, valuesOf } from './stage.js'
import { type Answer, checked, type Question, type Team } from './team.js'

/** That no worker could be started: there are none here, or its script is not to be had. */
export class WorkerStartError extends BackendError {}

/** A worker that leads, and workers that help it. */
export class TeamOfThreads implements Team {
  readonly #members: readonly Member[]
  readonly #url: string | URL | undefined
  #memory: WebAssembly.Memory | undefined
  #memoryBytes = 0
  /** Until the threads are ready for the network; then, where parameters wait to be packed if memory is shared. */
  #ready: Promise<Region> = Promise.resolve({ address: 0, bytes: 0 })
  /** What is to be packed next, as it is filled. */
  #parcel: Parcel | undefined
  /** Until what was sent has been packed; then the memory in which it went, if that is not shared. */
  #sent: Promise<ArrayBuffer | undefined> = Promise.resolve(undefined)
  readonly #stretch = new Stretch()
  #reason: string | undefined

  /**
   * Starts the threads; whether with success, `prepare` tells.
   *
   * @param url - of worker.js, where it is not where a bundler, or the package, has it
   */
  constructor(count: number, url: string | URL | undefined) {
    const members: Member[] = []
    this.#members = members
    this.#url = url
    const end = (reason: string) => this.#fail(reason)
    try {
      while (members.length < count) members.push(new Member(url, end))
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Has the threads make themselves ready for a network, whose parameters can be packed from now on.
   *
   * @param settings - their memory is of this team alone: threads of another, on their way to their end, may still write to theirs
   */
  start(settings: Settings): void {
    this.#ready = this.#prepare(settings)
    // Whoever packs hears of it.
    this.#ready.catch(() => undefined)
  }

  /**
   * Makes the threads ready for a network whose parameters are packed.
   *
   * @param packedIn - the memory of the team before, with the packed weights, if it was shared
   * @throws {WorkerStartError} when they did not start
   * @throws {BackendError} when there is not enough memory
   */
  async startAgain(settings: Settings, packedIn: WebAssembly.Memory | undefined): Promise<this> {
    await this.#prepare(settings, packedIn)
    return this
  }

  async #prepare(settings: Settings, packedIn?: WebAssembly.Memory): Promise<Region> {
    try {
      this.#memory = settings.memory
      const helping = Promise.all(this.#members.slice(1).map((member, index) => help(member, index + 1, settings)))
      // Whichever fails first is heard of.
      helping.catch(() => undefined)
      const { staging } = await this.ask({ kind: 'prepare', settings, packedIn }, ['prepared'])
      // Each writes the binary's data into memory when it begins: nothing may be under way there.
      await helping
      return staging
    } catch (error) {
      const haveBegun = this.#members.length > 0 && this.#members.every(({ hasSpoken }) => hasSpoken)
      const reason = haveBegun ? undefined : this.#reason
      await this.end()
      throw reason === undefined ? error : notStarted(this.#url, reason)
    }
  }

  get memoryBytes(): number {
    return this.#memoryBytes
  }

  get hasEnded(): boolean {
    return this.#reason !== undefined
  }

  async ask<Kind extends Reply['kind']>(
    question: Question,
    kinds: readonly Kind[],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Answer<Kind>> {
    if (this.#reason !== undefined) throw silent(this.#reason)
    if (this.#memory && question.kind === 'run') setCancelled(this.#memory, false)
    const reply = await this.#members[0].ask(question, transfer)
    if ('memoryBytes' in reply) this.#memoryBytes = reply.memoryBytes
    // The threads may stand anywhere now.
    if (reply.kind === 'failed' && reply.isBroken) this.#fail(reply.reason)
    return checked(reply, question, kinds)
  }

  async pack(node: Node, params: Params): Promise<void> {
    const count = valuesOf(node)
    if (!this.#parcel?.fits(count)) this.#parcel = await this.#nextParcel(count)
    const { nodes } = this.#parcel
    nodes.push({ node: node.name, values: await stage(node, params, this.#parcel.take(count), this.#stretch) })
  }

  async packed(): Promise<void> {
    await this.#send()
    await this.#sent
    await this.#ready
    // Its memory is not needed any more.
    this.#sent = Promise.resolve(undefined)
  }

  /** Sends the parcel that was filled, and makes another, with room for so many values. */
  async #nextParcel(count: number): Promise<Parcel> {
    const filled = this.#parcel
    const memory = this.#memory
    const returned = await this.#send()
    if (!memory) return Parcel.own(count, returned)
    const region = await this.#ready
    // The leader made it grow. Growing by nothing makes that known here.
    if (memory.buffer.byteLength < region.address + region.bytes) memory.grow(0)
    const beside = Parcel.shared(count, memory.buffer, region, filled)
    if (beside) return beside
    await this.#sent
    return Parcel.shared(count, memory.buffer, region)!
  }

  /** Sends what was filled, once what was sent before it has been packed; returns the memory of that, if it was not shared. */
  async #send(): Promise<ArrayBuffer | undefined> {
    const memory = await this.#sent
    const parcel = this.#parcel
    this.#parcel = undefined
    this.#sent = parcel ? this.#packParcel(parcel) : Promise.resolve(undefined)
    // Whoever packs next hears of it.
    this.#sent.catch(() => undefined)
    return memory
  }

  async #packParcel({ nodes, memory }: Parcel): Promise<ArrayBuffer | undefined> {
    await this.#ready
    const transfer = memory instanceof ArrayBuffer ? [memory] : []
    const { parcel } = await this.ask({ kind: 'pack', nodes, staged: transfer.length === 0 }, ['packed'], transfer)
    return parcel
  }

  cancel(): void {
    if (this.#memory) setCancelled(this.#memory, true)
    else this.#members[0].post({ kind: 'cancel' })
  }

  async end(): Promise<void> {
    this.#reason ??= 'that they were ended'
    if (this.#memory) releaseHelpers(this.#memory)
    this.#memory = undefined
    this.#memoryBytes = 0
    this.#parcel = undefined
    await Promise.all(this.#members.map((member) => member.end(this.#reason!)))
  }

  /** A thread ended of itself. The others wait for it, so that none of them is of use any more. */
  #fail(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    if (this.#memory) {
      setCancelled(this.#memory, true)
      releaseHelpers(this.#memory)
    }
    for (const member of this.#members) void member.end(reason)
  }
}

async function help(member: Member, thread: number, { module, memory, threads }: Settings): Promise<void> {
  const question = { kind: 'help', module, memory: memory!, thread, threads } as const
  checked(await member.ask(question), question, ['helping'])
}

function notStarted(url: string | URL | undefined, found: string): WorkerStartError {
  const subject = "the workers of backend 'wasm'"
  if (url === undefined) return new WorkerStartError({ subject, expected: 'to start', found })
  const advice = "serve the package's file worker.js there"
  return new WorkerStartError({ subject, expected: `to start from '${url}'`, found, advice })
}
