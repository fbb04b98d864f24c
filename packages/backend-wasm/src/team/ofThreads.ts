import { BackendError, type Node, type Params } from '@resnet-ts/graph'
import type { Settings } from '../engine/engine.js'
import { type Region, releaseHelpers, setCancelled } from '../engine/memory.js'
import type { Reply } from '../engine/messages.js'
import { Member, silent } from './member.js'
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
  /** Where parameters wait to be packed, in shared memory. */
  #staging: Region = { address: 0, bytes: 0 }
  /** Where they go from thread to thread, while it is here, if memory is not shared. */
  #parcel: ArrayBuffer | undefined
  #packing: Promise<unknown> = Promise.resolve()
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
   * Makes the threads ready for a network.
   *
   * @param settings - their memory is of this team alone: threads of another, on their way to their end, may still write to theirs
   * @param packedIn - the memory of the team before, with the packed weights, if it was shared
   * @throws {WorkerStartError} when they did not start
   * @throws {BackendError} when there is not enough memory
   */
  async prepare(settings: Settings, packedIn?: WebAssembly.Memory): Promise<this> {
    try {
      this.#memory = settings.memory
      const helping = Promise.all(this.#members.slice(1).map((member, index) => help(member, index + 1, settings)))
      // Whichever fails first is heard of.
      helping.catch(() => undefined)
      const { staging } = await this.ask({ kind: 'prepare', settings, packedIn }, ['prepared'])
      this.#staging = staging
      // Each writes the binary's data into memory when it begins: nothing may be under way there.
      await helping
      return this
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
    await this.packed()
    const room = this.#roomFor(valuesOf(node))
    const values = await stage(node, params, room)
    const transfer = room.buffer instanceof ArrayBuffer ? [room.buffer] : []
    this.#parcel = undefined
    const question = { kind: 'pack', node: node.name, values, staged: transfer.length === 0 } as const
    const asking = this.ask(question, ['packed'], transfer)
    this.#packing = asking.then(({ parcel }) => {
      this.#parcel = parcel
    })
    // Whoever waits for it hears of it.
    this.#packing.catch(() => undefined)
  }

  async packed(): Promise<void> {
    await this.#packing
    this.#packing = Promise.resolve()
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

  /** Where so many values are copied to. */
  #roomFor(count: number): Float32Array {
    const { address, bytes } = this.#staging
    if (this.#memory) {
      // The leader made it grow. Growing by nothing makes that known here.
      if (this.#memory.buffer.byteLength < address + bytes) this.#memory.grow(0)
      return new Float32Array(this.#memory.buffer, address, count)
    }
    return new Float32Array(this.#parcel ?? new ArrayBuffer(bytes), 0, count)
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
