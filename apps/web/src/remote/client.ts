import type { Failure, Methods, Reply, Request } from './protocol.js'

/** A failure in a worker, on the side of the page: it keeps its name and its sentence. */
class RemoteError extends Error {
  constructor({ name, message }: Failure) {
    super(message)
    this.name = name
  }
}

interface CallOptions<Progress> {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((step: Progress) => void) | undefined
  readonly transfer?: readonly Transferable[] | undefined
}

/** A worker whose methods can be called from here. */
export interface Remote<Served extends Methods> {
  /**
   * @throws {RemoteError} what the method threw there, or that the worker has ended
   * @throws the signal's reason once it is aborted; the worker is told, and what it still sends is dropped
   */
  call<Name extends keyof Served & string>(
    method: Name,
    args: Served[Name]['args'],
    options?: CallOptions<Served[Name]['progress']>,
  ): Promise<Served[Name]['result']>
  /** Ends the worker at once, with all it holds. Calls under way fail. */
  end(): void
}

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
  onProgress: ((step: never) => void) | undefined
}

export function connect<Served extends Methods>(worker: Worker): Remote<Served> {
  const pending = new Map<number, Pending>()
  let ended: RemoteError | undefined
  let lastId = 0

  const fail = (message: string) => {
    ended = new RemoteError({ name: 'WorkerError', message })
    worker.terminate()
    for (const { reject } of pending.values()) reject(ended)
    pending.clear()
  }
  worker.onerror = (event) => {
    event.preventDefault()
    fail(`the worker has ended: ${event.message || 'its script could not be loaded'}`)
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const entry = pending.get(data.id)
    if (!entry) return
    if (data.kind === 'progress') return entry.onProgress?.(data.step as never)
    pending.delete(data.id)
    if (data.kind === 'value') entry.resolve(data.value)
    else entry.reject(new RemoteError(data.failure))
  }

  const send = (request: Request, transfer: readonly Transferable[] = []) => worker.postMessage(request, [...transfer])

  return {
    async call(method, args, { signal, onProgress, transfer } = {}) {
      signal?.throwIfAborted()
      if (ended) throw ended
      const id = ++lastId
      const cancel = () => {
        pending.get(id)?.reject(signal?.reason)
        pending.delete(id)
        send({ kind: 'cancel', id })
      }
      try {
        return await new Promise((resolve, reject) => {
          pending.set(id, { resolve, reject, onProgress })
          signal?.addEventListener('abort', cancel)
          send({ kind: 'call', id, method, args }, transfer)
        })
      } finally {
        pending.delete(id)
        signal?.removeEventListener('abort', cancel)
      }
    },
    end: () => fail('the worker was ended'),
  }
}
