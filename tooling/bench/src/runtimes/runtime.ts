import type { Job, Outcome } from '../race/job.js'

/** Where races are run, each in a process or page of its own. */
export interface RaceRuntime {
  /** `Node 24.21.0, V8 13.6.233.17` */
  readonly description: string
  /** Whatever goes wrong there is an outcome; only an aborted signal throws. */
  perform(job: Job, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}

/** Milliseconds after which a race is given up: nothing hangs. The slowest, jax-js on ResNet-50, needs half of it. */
export const timeLimit = 60 * 60 * 1000
