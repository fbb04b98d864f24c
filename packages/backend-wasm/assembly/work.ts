/** How threads share the work of an op, and how they wait for each other. */

/** Whether this binary's memory is shared between threads. */
// @ts-ignore: decorator
@inline
export const SHARED: bool = ASC_FEATURE_THREADS

/**
 * What every op of a plan begins with.
 *
 *   kind   which kernel
 *   next   the first item that is not done yet, where there is one thread; 0 before a run
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

/** How many items have been taken of the share of each thread, u32 each; all 0 when an op begins. At most 64 threads. */
const TAKEN: usize = 512

/** This thread, and how many there are. */
let thread: i32 = 0
let threads: i32 = 1

/** Tells `take` which thread this is. */
export function join(self: i32, all: i32): void {
  thread = self
  threads = all
}

/**
 * The next item for this thread, or one past the last; the latter also once the run is cancelled. Each thread has a share of
 * neighbouring items, and helps the others when its own is done: so it mostly reads what it wrote itself.
 */
// @ts-ignore: decorator
@inline
export function take(op: Op): i32 {
  if (SHARED) return takeShared(op.items)
  const item = op.next
  op.next = item + 1
  return item
}

function takeShared(items: i32): i32 {
  if (atomic.load<i32>(CANCELLED)) return items
  for (let k = 0; k < threads; ++k) {
    const owner = (thread + k) % threads
    const first = (items * owner) / threads
    const item = first + atomic.add<i32>(TAKEN + (<usize>owner << 2), 1)
    if (item < (items * (owner + 1)) / threads) return item
  }
  return items
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

/** Turns of the waiting loop before a thread sleeps, longer than most ops take: to be woken takes long. */
const SPINS: i32 = 500000

/** Waits until every thread is here. Tells whether the run goes on. */
// @ts-ignore: decorator
@inline
export function meet(team: Team, op: Op): bool {
  if (!SHARED) {
    op.next = 0
    return !team.cancelled
  }
  const generation = atomic.load<i32>(changetype<usize>(team) + offsetof<Team>('generation'))
  if (atomic.add<i32>(changetype<usize>(team) + offsetof<Team>('arrived'), 1) == threads - 1) {
    for (let each = 0; each < threads; ++each) store<i32>(TAKEN + (<usize>each << 2), 0)
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
