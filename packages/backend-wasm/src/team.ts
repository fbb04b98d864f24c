import { BackendError } from '@resnet-ts/graph'
import type { Settings } from './engine/engine.js'
import { Leader } from './engine/leader.js'
import { fixed } from './engine/memory.js'
import type { Reply, Request } from './engine/messages.js'
import { startThread, type Thread } from './workers.js'

type Question = Exclude<Request, { readonly kind: 'cancel' }>
type Answer<Kind extends Reply['kind']> = Extract<Reply, { readonly kind: Kind }>

/** Whoever computes: threads of their own, or this one. One question at a time. */
export interface Team {
  /** @throws {BackendError} when the computation fails, or the threads have ended */
  ask<Kind extends Reply['kind']>(
    question: Question,
    kinds: readonly Kind[],
    transfer?: readonly ArrayBuffer[],
  ): Promise<Answer<Kind>>
  /** Ends the run under way as soon as can be; it answers `cancelled`, or with its result where it was faster. */
  cancel(): void
  end(): Promise<void>
  /** That it has ended by itself. */
  readonly hasEnded: boolean
}

/** Computes on the thread that asks. */
export class TeamInPlace implements Team {
  readonly hasEnded = false
  readonly #leader = new Leader()

  async ask<Kind extends Reply['kind']>(question: Question, kinds: readonly Kind[]): Promise<Answer<Kind>> {
    return checked(await this.#leader.answer(question), question, kinds)
  }

  cancel(): void {
    this.#leader.cancel()
  }

  async end(): Promise<void> {}
}

/** A worker that leads, and workers that help it. */
export class TeamOfThreads implements Team {
  readonly #threads: readonly Thread[]
  readonly #settings: Settings
  #reason: string | undefined
  #waiting: { settle(reply: Reply): void; fail(reason: string): void } | undefined

  private constructor(threads: readonly Thread[], settings: Settings) {
    this.#threads = threads
    this.#settings = settings
    const [leader, ...helpers] = threads
    const end = (reason: string) => this.#fail(reason)
    leader.listen({ reply: (reply) => this.#waiting?.settle(reply), end })
    for (const helper of helpers) helper.listen({ reply: () => undefined, end })
  }

  /**
   * Starts the threads.
   *
   * @throws {BackendError} when they do not start
   */
  static async start(settings: Settings, url: string | URL | undefined): Promise<TeamOfThreads> {
    const threads: Thread[] = []
    try {
      for (let thread = 0; thread < settings.threads; thread++) threads.push(startThread(url))
      const team = new TeamOfThreads(threads, settings)
      await team.#next()
      for (const [thread, helper] of threads.entries()) {
        if (thread === 0) continue
        helper.post({
          kind: 'help',
          module: settings.module,
          memory: settings.memory!,
          thread,
          threads: threads.length,
        })
      }
      return team
    } catch (cause) {
      await Promise.all(threads.map((thread) => thread.end()))
      throw cause instanceof BackendError ? cause : silent(String(cause))
    }
  }

  get hasEnded(): boolean {
    return this.#reason !== undefined
  }

  async ask<Kind extends Reply['kind']>(
    question: Question,
    kinds: readonly Kind[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Answer<Kind>> {
    if (this.#reason !== undefined) throw silent(this.#reason)
    const replying = this.#next()
    const { memory } = this.#settings
    if (memory && question.kind === 'run') Atomics.store(new Int32Array(memory.buffer), fixed.cancelled / 4, 0)
    this.#threads[0].post(question, transfer)
    return checked(await replying, question, kinds)
  }

  cancel(): void {
    const { memory } = this.#settings
    if (memory) Atomics.store(new Int32Array(memory.buffer), fixed.cancelled / 4, 1)
    else this.#threads[0].post({ kind: 'cancel' })
  }

  async end(): Promise<void> {
    this.#reason ??= 'that they were ended'
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  /** The next reply of the leader. While it is waited for, the process does not end by itself. */
  #next(): Promise<Reply> {
    this.#threads[0].hold(true)
    return new Promise<Reply>((resolve, reject) => {
      const done = () => {
        this.#waiting = undefined
        this.#threads[0].hold(false)
      }
      this.#waiting = {
        settle(reply) {
          done()
          resolve(reply)
        },
        fail(reason) {
          done()
          reject(silent(reason))
        },
      }
    })
  }

  /** A thread ended of itself. The others wait for it, so that none of them is of use any more. */
  #fail(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    for (const thread of this.#threads) void thread.end()
    this.#waiting?.fail(reason)
  }
}

function checked<Kind extends Reply['kind']>(reply: Reply, question: Question, kinds: readonly Kind[]): Answer<Kind> {
  if ((kinds as readonly string[]).includes(reply.kind)) return reply as Answer<Kind>
  const failed = reply.kind === 'failed' ? reply : undefined
  throw new BackendError({
    subject: "backend 'wasm'",
    expected: `the engine to ${question.kind} the network`,
    found: failed?.reason ?? `the answer '${reply.kind}'`,
    advice: failed?.advice,
  })
}

/** That the threads give no answer. */
function silent(reason: string): BackendError {
  return new BackendError({ subject: "backend 'wasm'", expected: 'its threads to answer', found: reason })
}
