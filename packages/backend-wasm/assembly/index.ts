/**
 * The engine: walks a plan. A plan is a list of addresses of ops; every op begins as `Op` says. All threads of a team
 * call `run` with the same plan; each takes items of each op, and all meet after it.
 */

import { Channels, convolveChannels, softmax } from './channels'
import { Convolution, convolve } from './convolution'
import { computeGlobalPool, GlobalPool } from './globalPool'
import { GroupNorm, normaliseGroups } from './groupNorm'
import { Copy, clear, copyBox, Fill, Phases, Reflect, reflect, splitPhases } from './move'
import { Filters, packConvolution, packStrassen, packWinograd } from './pack'
import { computePointwise, Pointwise } from './pointwise'
import { computePool, Pool } from './pool'
import { convolveStrassen, Strassen } from './strassen'
import { convolveWinograd, Winograd } from './winograd'
import { join, meet, Op, Team } from './work'

export { tileRows } from './tile'

// @ts-ignore: decorator
@external("env", "now")
declare function now(): f64

/**
 * Computes the ops `first` up to, not including, `last`.
 *
 * @param times - [count + 1] f64 for the time before each op and after the last, or 0
 * @param scratch - this thread's own
 * @returns whether it came to the end, and was not cancelled
 */
export function run(
  plan: usize,
  first: i32,
  last: i32,
  team: Team,
  thread: i32,
  threads: i32,
  scratch: usize,
  times: usize,
): bool {
  join(thread, threads)
  const timed = times != 0 && thread == 0
  if (timed) store<f64>(times + (<usize>first << 3), now())
  for (let i = first; i < last; ++i) {
    const op = changetype<Op>(<usize>load<u32>(plan + (<usize>i << 2)))
    execute(op, scratch)
    const goesOn = meet(team, op)
    if (timed) store<f64>(times + (<usize>(i + 1) << 3), now())
    if (!goesOn) return false
  }
  return true
}

function execute(op: Op, scratch: usize): void {
  switch (op.kind) {
    case 0:
      return convolve(changetype<Convolution>(op), scratch)
    case 1:
      return convolveWinograd(changetype<Winograd>(op), scratch)
    case 2:
      return computePointwise(changetype<Pointwise>(op))
    case 3:
      return computePool(changetype<Pool>(op))
    case 4:
      return computeGlobalPool(changetype<GlobalPool>(op))
    case 5:
      return normaliseGroups(changetype<GroupNorm>(op), scratch)
    case 6:
      return copyBox(changetype<Copy>(op))
    case 7:
      return clear(changetype<Fill>(op))
    case 8:
      return reflect(changetype<Reflect>(op))
    case 9:
      return convolveChannels(changetype<Channels>(op))
    case 10:
      return softmax(changetype<Channels>(op))
    case 11:
      return convolveStrassen(changetype<Strassen>(op), scratch)
    case 12:
      return splitPhases(changetype<Phases>(op))
    case 13:
      return packConvolution(changetype<Filters>(op))
    case 14:
      return packWinograd(changetype<Filters>(op), scratch)
    case 15:
      return packStrassen(changetype<Filters>(op))
    default:
      unreachable()
  }
}

/** Where memory that the kernels do not use themselves begins. */
export function heapBase(): usize {
  return __heap_base
}
