import type { Features } from './features.js'
import type { WasmOptions } from './options.js'

/** How many threads, and why not more. */
export function countThreads({ threads: wanted, worker }: WasmOptions, { sharedMemory, cores }: Features) {
  const notes: string[] = []
  if (worker === false) return { threads: 1, notes: ["On the calling thread, which it holds up, as 'worker' says."] }
  const threads = wanted ?? Math.min(cores, mostThreads)
  if (threads > 1 && !sharedMemory) {
    notes.push('One thread: memory cannot be shared, since the page is not cross-origin isolated.')
    return { threads: 1, notes }
  }
  if (wanted === undefined && cores > threads) {
    notes.push(`${threads} threads on ${cores} cores: more rarely help; the option 'threads' asks for them.`)
  }
  return { threads, notes }
}

/** Threads that are started unasked. */
const mostThreads = 8

/** What computes, in words, where threads can be started. */
export function deviceOf(features: Features, options: WasmOptions): string {
  const simd = features.relaxedSimd ? 'WebAssembly relaxed SIMD' : 'WebAssembly SIMD'
  if (options.worker === false) return `${simd}, the calling thread`
  const { threads } = countThreads(options, features)
  return `${simd}, ${threads === 1 ? '1 thread' : `${threads} threads`}`
}
