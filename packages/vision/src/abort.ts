import type { Signal } from './source.js'

/** @throws the signal's reason, once it is aborted */
export function throwIfAborted(signal: Signal | undefined): void {
  if (signal?.aborted) throw reason(signal)
}

/** `work`, but rejecting with the signal's reason as soon as it is aborted, whatever `work` is waiting for. */
export async function abortable<T>(work: Promise<T>, signal: Signal | undefined): Promise<T> {
  if (!signal) return work
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(reason(signal))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function reason(signal: Signal): unknown {
  return signal.reason ?? new DOMException('This operation was aborted', 'AbortError')
}
