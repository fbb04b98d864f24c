import type { Worker } from 'node:worker_threads'

/** The worker threads that this process starts from now on. */
export function watchWorkers() {
  const workers: Worker[] = []
  const add = (worker: Worker) => workers.push(worker)
  process.on('worker', add)
  return {
    /** Those that have not ended, in the order in which they began. */
    alive: () => workers.filter(({ threadId }) => threadId !== -1),
    stop: () => process.off('worker', add),
  }
}

/** Milliseconds of processor time that this process takes in a while of its doing nothing. */
export async function idleTime(milliseconds: number): Promise<number> {
  const before = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  return spentSince(before)
}

/** Milliseconds of processor time that all threads of this process have taken since then. */
export function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
