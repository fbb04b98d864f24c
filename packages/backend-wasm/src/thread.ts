import { builtin } from './builtin.js'
import type { Help, Reply, Request } from './engine/messages.js'

/** A worker, of a page's or of Node's. */
export interface Thread {
  post(message: Request | Help, transfer?: readonly ArrayBuffer[]): void
  /** What it says, and that it has ended, or never began, with the reason. */
  listen(listener: { reply(reply: Reply): void; end(reason: string): void }): void
  /** Whether the process stays alive for it. */
  hold(held: boolean): void
  end(): Promise<void>
}

/**
 * Starts a worker.
 *
 * @param url - of worker.js, where it is not where a bundler, or the package, has it
 * @throws {Error} when there are none here
 */
export function startThread(url: string | URL | undefined): Thread {
  const threads = builtin('node:worker_threads')
  return threads ? nodeThread(threads, url) : pageThread(url)
}

function nodeThread(threads: typeof import('node:worker_threads'), url: string | URL | undefined): Thread {
  const script = url ? new URL(url) : new URL('./worker.js', import.meta.url)
  // Without the process's own flags: what they have each thread load first is nothing to this one.
  const worker = new threads.Worker(script, { execArgv: [] })
  worker.unref()
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen({ reply, end }) {
      worker.on('message', reply)
      worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)))
      worker.on('exit', () => end('that it has ended'))
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
    async end() {
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      // Until it is gone, its memory is in use.
      await worker.terminate()
    },
  }
}

/** Milliseconds that a page's worker may take to load its script; some failures nothing else tells of. */
const longestStart = 30_000

function pageThread(url: string | URL | undefined): Thread {
  // Bundlers know this form: they make a file of the worker, and put its address here.
  const worker = url
    ? new Worker(url, { type: 'module' })
    : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  let starting: ReturnType<typeof setTimeout> | undefined
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    listen({ reply, end }) {
      starting = setTimeout(() => end(`no word of it in ${longestStart / 1000} seconds`), longestStart)
      worker.onmessage = (event) => {
        clearTimeout(starting)
        reply(event.data as Reply)
      }
      worker.onmessageerror = () => end('a message that could not be read')
      worker.onerror = (event) => {
        event.preventDefault()
        end(event.message || 'that its script could not be loaded')
      }
    },
    hold: () => undefined,
    async end() {
      clearTimeout(starting)
      worker.terminate()
    },
  }
}
