import { HubError } from './errors.js'

/** A signal that ends an attempt: with the caller's, or when nothing has come for a while. */
export interface Watch {
  readonly signal: AbortSignal
  /** Something has come. */
  touch(): void
  /** Must be called once the attempt is over. */
  end(): void
}

/** @param timeout - milliseconds of silence after which the signal aborts, with a `HubError` as its reason */
export function watch(subject: string, signal: AbortSignal | undefined, timeout: number): Watch {
  const controller = new AbortController()
  const stop = () => controller.abort(signal?.reason)
  const silence = () => controller.abort(silent(subject, timeout))
  let timer = setTimeout(silence, timeout)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer)
      timer = setTimeout(silence, timeout)
    },
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

function silent(subject: string, timeout: number): HubError {
  return new HubError(
    { subject, expected: 'an answer', found: `none within ${timeout / 1000} seconds`, advice: 'try again' },
    { kind: 'connection' },
  )
}

/** Waits, unless the signal ends it: then it rejects with the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
