/** How threads share the work of an op, and how they wait for each other. */

/** Whether this binary's memory is shared between threads. */
// @ts-ignore: decorator
@inline
export const SHARED: bool = ASC_FEATURE_THREADS

/**
 * What every op of a plan begins with.
 *
 *   kind   which kernel
 *   next   the first item that no thread has taken yet; 0 before a run
 *   items  parts of the work: any thread may do any of them, in any order, with the same result
 */
@unmanaged
export class Op {
  kind: i32
  next: i32
  items: i32
}

/** Where `Team.cancelled` lies: the team is at 64, see src/engine/memory.ts. */
const CANCELLED: usize = 64 + 12

/** The next item for this thread, or one past the last; the latter also once the run is cancelled. */
// @ts-ignore: decorator
@inline
export function take(op: Op): i32 {
  const at = changetype<usize>(op) + offsetof<Op>('next')
  if (SHARED) return atomic.load<i32>(CANCELLED) ? op.items : atomic.add<i32>(at, 1)
  const item = load<i32>(at)
  store<i32>(at, item + 1)
  return item
}

/**
 * What the threads of one engine share, all zero at first.
 *
 *   arrived     threads at the barrier
 *   generation  barriers passed
 *   sleepers    threads that wait without spinning
 *   cancelled   set from outside to end the run at the next barrier
 *   stopped     that the run has ended so; the last thread at a barrier copies `cancelled` here, so that all agree
 */
@unmanaged
export class Team {
  arrived: i32
  generation: i32
  sleepers: i32
  cancelled: i32
  stopped: i32
}

/** Turns of the waiting loop before a thread sleeps: some 50 µs. */
const SPINS: i32 = 500000

/** Waits until every thread is here. The last one runs `settle` first. Tells whether the run goes on. */
// @ts-ignore: decorator
@inline
export function meet(team: Team, threads: i32, op: Op): bool {
  if (!SHARED) {
    op.next = 0
    return !team.cancelled
  }
  const generation = atomic.load<i32>(changetype<usize>(team) + offsetof<Team>('generation'))
  if (atomic.add<i32>(changetype<usize>(team) + offsetof<Team>('arrived'), 1) == threads - 1) {
    op.next = 0
    team.arrived = 0
    team.stopped = atomic.load<i32>(changetype<usize>(team) + offsetof<Team>('cancelled'))
    atomic.add<i32>(changetype<usize>(team) + offsetof<Team>('generation'), 1)
    if (atomic.load<i32>(changetype<usize>(team) + offsetof<Team>('sleepers'))) {
      atomic.notify(changetype<usize>(team) + offsetof<Team>('generation'), threads)
    }
  } else {
    let spins = 0
    while (atomic.load<i32>(changetype<usize>(team) + offsetof<Team>('generation')) == generation) {
      if (++spins < SPINS) continue
      atomic.add<i32>(changetype<usize>(team) + offsetof<Team>('sleepers'), 1)
      atomic.wait<i32>(changetype<usize>(team) + offsetof<Team>('generation'), generation, -1)
      atomic.sub<i32>(changetype<usize>(team) + offsetof<Team>('sleepers'), 1)
    }
  }
  return !team.stopped
}
