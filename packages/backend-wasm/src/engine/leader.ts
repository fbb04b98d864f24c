import { ResnetError } from '@resnet-ts/graph'
import { Engine } from './engine.js'
import { fixed } from './memory.js'
import type { Reply, Request } from './messages.js'

/** Ops between two looks at what else has come, where a run can be cancelled only so. */
const opsBetweenLooks = 16

/** Answers requests: what runs on the thread that leads, and in place where there is no thread to be had. */
export class Leader {
  #engine: Engine | undefined
  #threads = 1
  #isShared = false
  #isCancelled = false

  async answer(request: Exclude<Request, { kind: 'cancel' }>): Promise<Reply> {
    try {
      switch (request.kind) {
        case 'prepare': {
          const { settings, resumed } = request
          this.#threads = settings.threads
          this.#isShared = settings.memory !== undefined
          this.#engine = await Engine.create(settings, resumed)
          return { kind: 'prepared', memoryBytes: this.#engine.memoryBytes }
        }
        case 'pack':
          this.#engine!.pack(request.node, request.values)
          return { kind: 'packed' }
        case 'run': {
          this.#isCancelled = false
          const engine = this.#engine!
          const count = engine.begin(request.inputs)
          const ended = await this.#compute(engine, count, request.cancellable)
          if (!ended) return { kind: 'cancelled' }
          return { kind: 'result', memoryBytes: engine.memoryBytes, ...engine.end() }
        }
        default:
          return request satisfies never
      }
    } catch (error) {
      return failure(error)
    }
  }

  /** Ends the run under way, if memory is not shared; if it is, who cancels writes there. */
  cancel(): void {
    this.#isCancelled = true
  }

  async #compute(engine: Engine, count: number, cancellable: boolean): Promise<boolean> {
    if (this.#threads > 1) this.#callHelpers(engine)
    if (this.#isShared || !cancellable) return engine.compute(0, count)
    for (let first = 0; first < count; first += opsBetweenLooks) {
      if (first > 0) await otherMessages()
      if (this.#isCancelled) return false
      engine.compute(first, Math.min(first + opsBetweenLooks, count))
    }
    return true
  }

  #callHelpers(engine: Engine): void {
    const { plan, last, scratch, scratchBytes } = engine.job
    const words = engine.memory.words(fixed.job, 5)
    words.set([plan, last, scratch, scratchBytes], 1)
    Atomics.add(words, 0, 1)
    Atomics.notify(words, 0)
  }
}

/** Lets messages in that have come meanwhile. */
function otherMessages(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

export function failure(error: unknown): Reply {
  if (error instanceof ResnetError) return { kind: 'failed', reason: error.details.found, advice: error.details.advice }
  const reason = error instanceof Error ? error.message : String(error)
  return { kind: 'failed', reason: reason.trim().replace(/\s+/g, ' ').replace(/\.+$/, '') }
}
