import { BackendError } from '@resnet-ts/graph'
import type { Reply, Request } from './messages.js'

type Threads = typeof import('node:worker_threads')
type Worker = InstanceType<Threads['Worker']>

/** A worker with onnxruntime-node in it. It does one thing at a time: ask for the next when the last is answered. */
export class Host {
  /** Of onnxruntime-node. */
  readonly version: string
  readonly #worker: Worker
  /** Fulfilled once the worker has ended, for whatever reason. */
  readonly #exit: Promise<void>
  #hasEnded = false

  private constructor(worker: Worker, version: string) {
    this.#worker = worker
    this.version = version
    this.#exit = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#hasEnded = true
        resolve()
      })
    })
    // Without a listener, an error that comes while nothing is asked would end the process. The next request meets it.
    worker.on('error', () => undefined)
  }

  /**
   * Starts a worker.
   *
   * @throws {BackendError} when there is no onnxruntime-node, or it does not run here
   */
  static async start(): Promise<Host> {
    const worker = startWorker()
    const reply = await next(worker)
    if (reply.kind === 'ready') return new Host(worker, reply.version)
    throw reply.kind === 'missing'
      ? unavailable("the package 'onnxruntime-node'", 'none', 'run: npm install onnxruntime-node')
      : unavailable('onnxruntime-node to load', reply.kind === 'failed' ? reply.reason : reply.kind)
  }

  /**
   * Asks for something.
   *
   * @param transfer - memory that the request hands over, rather than copies
   * @throws {BackendError} when onnxruntime fails, or the worker ends
   */
  async ask<Kind extends Reply['kind']>(
    request: Request,
    answer: Kind,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Extract<Reply, { readonly kind: Kind }>> {
    if (this.#hasEnded) throw silent(new Error('that it has ended'))
    const replying = next(this.#worker)
    this.#worker.postMessage(request, transfer)
    const reply = await replying
    if (reply.kind === answer) return reply as Extract<Reply, { readonly kind: Kind }>
    throw new BackendError({
      subject: "backend 'onnxruntime-node'",
      expected: `onnxruntime to ${request.kind} the network`,
      found: reply.kind === 'failed' ? reply.reason : `the answer '${reply.kind}'`,
    })
  }

  /** Frees everything, and ends the worker. */
  async end(): Promise<void> {
    this.#worker.ref()
    this.#worker.postMessage({ kind: 'end' } satisfies Request)
    await this.#exit
  }
}

/** Why there is no worker with onnxruntime-node, as an error. */
function unavailable(expected: string, found: string, advice?: string): BackendError {
  return new BackendError({ subject: "backend 'onnxruntime-node'", expected, found, advice })
}

interface MaybeNode {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

function startWorker(): Worker {
  // Asked of the running process, so that a bundler for the web meets no module of Node's.
  const threads = (globalThis as MaybeNode).process?.getBuiltinModule?.('node:worker_threads') as Threads | undefined
  if (!threads) throw unavailable('Node', 'a page, or a runtime without worker threads')
  const script = new URL('./worker.js', import.meta.url)
  return new threads.Worker(script)
}

/** The next reply of a worker. While it is waited for, the process does not end by itself. */
function next(worker: Worker): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.unref()
      worker.off('message', take).off('error', fail).off('exit', exit)
    }
    const take = (reply: Reply) => {
      settle()
      resolve(reply)
    }
    const fail = (cause: Error) => {
      settle()
      reject(silent(cause))
    }
    const exit = () => fail(new Error('that it has ended'))
    worker.ref()
    worker.on('message', take).on('error', fail).on('exit', exit)
  })
}

/** That the worker gives no answer. */
function silent(cause: Error): BackendError {
  const advice = 'if a bundler made one file of it, leave @resnet-ts/backend-node out of the bundle'
  return new BackendError({
    subject: "backend 'onnxruntime-node'",
    expected: 'its worker thread to answer',
    found: cause.message,
    advice: cause.message.includes('worker.js') ? advice : undefined,
    cause,
  })
}
