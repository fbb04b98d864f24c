import type { Preprocess } from '@resnet-ts/graph'
import { ImageError } from '../errors.js'
import type { RgbImage } from '../image.js'
import type { Signal } from '../source.js'
import type { Input } from '../wanted.js'
import { fromPortable } from './errors.js'
import type { Item } from './item.js'
import type { Reply, Request } from './messages.js'

/** For how many milliseconds an idle worker is kept: it may hold on to the memory of a large photograph. */
const idleTime = 5_000

/** What a worker made of an item. */
export interface Answer {
  readonly result: RgbImage | Input
}

interface Question {
  readonly subject: string
  answer(answer: Answer): void
  fail(error: unknown): void
}

/**
 * The worker of a page: started when it is first needed, ended when it has had nothing to do for a while, and done without
 * where there can be none.
 */
export class Helper {
  #worker: Promise<Worker | undefined> | undefined
  #refused = false
  #idle: ReturnType<typeof setTimeout> | undefined
  #lastId = 0
  readonly #questions = new Map<number, Question>()

  /**
   * What the worker makes of an item: the image, or, with `config`, the input of a network.
   *
   * @returns undefined when there is no worker for it, and the item is still to be decoded
   * @throws {ImageError} when the image cannot be had, or the worker ends before it has it
   * @throws the reason of `signal`, when it is aborted meanwhile
   */
  async ask(item: Item, config: Preprocess | undefined, signal: Signal | undefined): Promise<Answer | undefined> {
    clearTimeout(this.#idle)
    const worker = await this.#start()
    if (!worker || signal?.aborted) return undefined
    const id = ++this.#lastId
    if (!send(worker, { kind: 'decode', id, item, config })) return undefined
    const cancel = (): void => {
      worker.postMessage({ kind: 'cancel', id } satisfies Request)
      this.#close(id)?.fail(signal?.reason)
    }
    signal?.addEventListener('abort', cancel)
    try {
      return await new Promise((answer, fail) => {
        this.#questions.set(id, { subject: item.subject, answer, fail })
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  #start(): Promise<Worker | undefined> {
    this.#worker ??= this.#refused ? Promise.resolve(undefined) : this.#open()
    return this.#worker
  }

  async #open(): Promise<Worker | undefined> {
    try {
      const worker = await startWorker()
      worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data)
      worker.onerror = (event) => {
        event.preventDefault()
        this.#fail(worker, event.message)
      }
      return worker
    } catch {
      // Whatever it was (a policy, a bundler that left the script out), it will be so the next time too.
      this.#refused = true
      return undefined
    }
  }

  #hear(reply: Reply): void {
    if (reply.kind === 'ready') return
    const question = this.#close(reply.id)
    if (reply.kind === 'done') question?.answer({ result: reply.result })
    else question?.fail(fromPortable(reply.error))
  }

  /** Takes a question off the list. */
  #close(id: number): Question | undefined {
    const question = this.#questions.get(id)
    this.#questions.delete(id)
    if (this.#questions.size === 0) this.#waitForMore()
    return question
  }

  #waitForMore(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      if (this.#questions.size > 0) return
      void this.#worker?.then((worker) => worker?.terminate())
      this.#worker = undefined
    }, idleTime)
  }

  /** A worker that ends by itself is not started again. */
  #fail(worker: Worker, reason: string): void {
    worker.terminate()
    this.#refused = true
    this.#worker = undefined
    for (const [id, { subject, fail }] of this.#questions) {
      this.#questions.delete(id)
      fail(new ImageError({ subject, expected: 'a worker that decodes it', found: `that it has ended (${reason})` }))
    }
  }
}

/**
 * Starts a worker, and waits until it listens.
 *
 * @throws whatever keeps it from that
 */
async function startWorker(): Promise<Worker> {
  // Bundlers know this form: they make a file of the worker, and put its address here.
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  await new Promise<void>((start, fail) => {
    worker.onmessage = () => start()
    worker.onerror = (event) => {
      event.preventDefault()
      fail(new Error(event.message))
    }
  })
  return worker
}

/** Sends an item; false when it cannot be sent, as a bitmap of another origin, and is still here. */
function send(worker: Worker, request: Extract<Request, { readonly kind: 'decode' }>): boolean {
  const { item } = request
  try {
    if (item.kind === 'picture') {
      worker.postMessage(request, [item.picture])
    } else {
      // A copy of its own: the caller keeps his bytes, and what lies around them is not sent along.
      const bytes = new Uint8Array(item.bytes)
      worker.postMessage({ ...request, item: { ...item, bytes } } satisfies Request, [bytes.buffer])
    }
    return true
  } catch {
    return false
  }
}
