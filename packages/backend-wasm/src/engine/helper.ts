import { instantiate } from './kernels.js'
import { fixed, Memory } from './memory.js'
import type { Help } from './messages.js'

/**
 * Helps: waits for jobs and does its part in each, until it is released. Meanwhile it does not go back to its event loop.
 *
 * @param begin - called when it is ready for jobs
 */
export async function help({ module, memory: raw, thread, threads }: Help, begin: () => void): Promise<void> {
  const kernels = await instantiate(module, raw)
  begin()
  const memory = new Memory(raw)
  let done = 0
  for (;;) {
    Atomics.wait(memory.words(fixed.job, 1), 0, done)
    if (Atomics.load(memory.words(fixed.over, 1), 0) !== 0) return
    // Anew, since memory may have grown.
    const [number, plan, last, scratch, scratchBytes] = memory.words(fixed.job, 5)
    if (number === done) continue
    done = number
    kernels.run(plan, 0, last, fixed.team, thread, threads, scratch + thread * scratchBytes, 0)
  }
}
