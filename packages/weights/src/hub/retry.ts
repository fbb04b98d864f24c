import { HubError } from './errors.js'
import type { Settings } from './settings.js'
import { pause } from './watch.js'

/** Longer than this nobody is kept waiting: the hub's wish is told instead. */
const longestPause = 60_000
/** However much each of them brings. */
const mostAttempts = 200

/**
 * Tries until it succeeds, fails for good, or has failed too often in a row. An attempt that got further than any
 * before it starts the count anew.
 *
 * @param attempt - takes what it calls with how far it has got
 * @throws what the last attempt threw; the signal's reason once it is aborted
 */
export async function withRetries<T>(
  settings: Settings,
  attempt: (advance: (reached: number) => void) => Promise<T>,
): Promise<T> {
  let failures = 0
  let furthest = 0
  for (let count = 1; ; count++) {
    try {
      return await attempt((reached) => {
        if (reached <= furthest) return
        furthest = reached
        failures = 0
      })
    } catch (error) {
      settings.signal?.throwIfAborted()
      failures++
      if (!isTransient(error) || failures >= settings.attempts || count >= mostAttempts) throw error
      // Up to a half more, so that many who were refused at once do not come back at once.
      const delay = settings.retryDelay * 2 ** Math.min(failures - 1, 4) * (1 + Math.random() / 2)
      const wait = Math.max(error.retryAfter ?? 0, delay)
      if (wait > longestPause) throw error
      await pause(wait, settings.signal)
    }
  }
}

function isTransient(error: unknown): error is HubError {
  return error instanceof HubError && ['connection', 'server', 'corrupt'].includes(error.kind)
}
