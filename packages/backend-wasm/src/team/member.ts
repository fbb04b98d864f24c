import { BackendError } from '@resnet-ts/graph'
import type { Help, Reply, Request } from '../engine/messages.js'
import { startThread, type Thread } from '../thread.js'

/** A thread of a team: it is asked one thing at a time, and answers. */
export class Member {
  readonly #thread: Thread
  readonly #hearEnd: (reason: string) => void
  #reason: string | undefined
  #hasSpoken = false
  #waiting: { settle(reply: Reply): void; fail(reason: string): void } | undefined

  /**
   * @param url - of worker.js, where it is not where a bundler, or the package, has it
   * @param end - hears that it ended by itself, or never began, and why
   * @throws {Error} when there are no workers here
   */
  constructor(url: string | URL | undefined, end: (reason: string) => void) {
    this.#hearEnd = end
    this.#thread = startThread(url)
    const hear = (reply: Reply) => {
      this.#hasSpoken = true
      if (this.#waiting && reply.kind !== 'ready') this.#waiting.settle(reply)
      else if (reply.kind === 'failed') end(reply.reason)
    }
    this.#thread.listen({ reply: hear, end })
  }

  /** Whether its script has begun. */
  get hasSpoken(): boolean {
    return this.#hasSpoken
  }

  /**
   * Its reply. While that is waited for, the process does not end by itself.
   *
   * @throws {BackendError} when it ends before
   */
  async ask(
    question: Exclude<Request, { readonly kind: 'cancel' }> | Help,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Reply> {
    if (this.#reason !== undefined) throw silent(this.#reason)
    const reply = new Promise<Reply>((resolve, reject) => {
      this.#waiting = { settle: resolve, fail: (reason) => reject(silent(reason)) }
    })
    this.#thread.hold(true)
    try {
      this.#post(question, transfer)
      return await reply
    } finally {
      this.#waiting = undefined
      this.#thread.hold(false)
    }
  }

  /** Where what is said cannot be sent, there is nothing that the thread could be of use for. */
  #post(question: Request | Help, transfer: readonly ArrayBuffer[]): void {
    try {
      this.#thread.post(question, transfer)
    } catch (error) {
      this.#hearEnd(error instanceof Error ? error.message : String(error))
    }
  }

  /** Says something that has no answer. */
  post(message: Request): void {
    this.#thread.post(message)
  }

  /** Ends it, and with it what is waited for. */
  async end(reason: string): Promise<void> {
    this.#reason ??= reason
    this.#waiting?.fail(reason)
    await this.#thread.end()
  }
}

/** That a thread gives no answer. */
export function silent(reason: string): BackendError {
  return new BackendError({ subject: "backend 'wasm'", expected: 'its threads to answer', found: reason })
}
