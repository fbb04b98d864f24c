import type { Job, Outcome, Side } from './job.js'
import { courseOf } from './network.js'
import { race } from './race.js'
import type { Place, Racer, Runner } from './runner.js'
import { UnsupportedError } from './unsupported.js'

/** Where both sides come from. */
export interface Sides {
  us(): Racer | Promise<Racer>
  peer(): Promise<Racer>
}

/** Runs one race, here and now. What the peer cannot do, and what goes wrong, is an outcome too. */
export async function perform(job: Job, sides: Sides, place: Place): Promise<Outcome> {
  const runners: Runner[] = []
  try {
    const { network, shape, images } = courseOf(job.model, job.batch, job.size)
    const settings = { shape, threads: job.threads, place }
    // The peer first: if it cannot, ours need not be made ready.
    const theirs = await (await sides.peer()).prepare(network, settings)
    runners.push(theirs)
    const ours = await (await sides.us()).prepare(network, settings)
    runners.push(ours)
    return { state: 'raced', us: sideOf(ours), peer: sideOf(theirs), ...(await race(ours, theirs, images, job)) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { state: error instanceof UnsupportedError ? 'unsupported' : 'failed', reason }
  } finally {
    for (const runner of runners) await runner.dispose()
  }
}

function sideOf({ name, version, device }: Runner): Side {
  return { name, version, device }
}
