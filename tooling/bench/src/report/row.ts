import { tolerance } from '../race/agreement.js'
import type { Job, MemoryMode, Outcome } from '../race/job.js'
import type { RuntimeName } from '../race/runner.js'
import { spreadOf } from '../race/statistics.js'

/** The quartiles of a sample. */
type Quartiles = readonly [lower: number, upper: number]

/** One race, as `--json` gives it. What could not be measured is null, and `reason` says why. */
export interface Row {
  readonly model: string
  readonly batch: number
  readonly threads: number
  readonly runtime: RuntimeName
  /** Who ran as us, and against whom. */
  readonly us: string
  readonly peer: string
  /** Medians of the rounds, in milliseconds of wall-clock time for the whole batch. */
  readonly usMs: number | null
  readonly peerMs: number | null
  /** The median of the ratios us / peer of each round. */
  readonly ratio: number | null
  /**
   * `raced`; `unsupported`: the peer cannot run this; `void`: the outputs differ; `failed`: something went wrong. Of the
   * last three `reason` says more.
   */
  readonly state: Outcome['state'] | 'void'
  readonly reason: string | null
  /** Half of the rounds lie between these. */
  readonly spread: { readonly us: Quartiles; readonly peer: Quartiles; readonly ratio: Quartiles } | null
  readonly rounds: number
  /** Height and width of the images, in pixels; null for the model's own. */
  readonly size: number | null
  readonly memory: MemoryMode
  /** The greatest |ours − x| / (1 + |x|) of any output x of the peer's. */
  readonly worstError: number | null
  readonly usVersion: string | null
  readonly peerVersion: string | null
  readonly usDevice: string | null
  readonly peerDevice: string | null
  /** `Node 24.21.0, V8 13.6.233.17` */
  readonly runtimeVersion: string
}

export function rowOf(job: Job, runtime: RuntimeName, runtimeVersion: string, outcome: Outcome): Row {
  const { model, batch, threads, us, peer, rounds, size = null, memory } = job
  const asked = { model, batch, threads, runtime, us: us as string, peer: peer as string }
  const unmeasured = { usMs: null, peerMs: null, ratio: null, spread: null }
  const settings = { rounds, size, memory, runtimeVersion }
  if (outcome.state !== 'raced') {
    const unknown = { worstError: null, usVersion: null, peerVersion: null, usDevice: null, peerDevice: null }
    const { state, reason } = outcome
    return { ...asked, ...unmeasured, state, reason, ...settings, ...unknown }
  }
  const { worst, disagreement } = outcome.agreement
  const sides = {
    worstError: worst,
    usVersion: outcome.us.version,
    peerVersion: outcome.peer.version,
    usDevice: outcome.us.device,
    peerDevice: outcome.peer.device,
  }
  // Another may stand in for what was asked for.
  const raced = { ...asked, us: outcome.us.name }
  if (disagreement !== undefined) {
    const reason = `${disagreement}; at most ${tolerance} of 1 + |x| is allowed`
    return { ...raced, ...unmeasured, state: 'void', reason, ...settings, ...sides }
  }
  return { ...raced, ...measured(outcome), state: 'raced', reason: null, ...settings, ...sides }
}

function measured({ usTimes, peerTimes }: Extract<Outcome, { readonly state: 'raced' }>) {
  const [us, peer] = [spreadOf(usTimes), spreadOf(peerTimes)]
  const ratio = spreadOf(usTimes.map((time, round) => time / peerTimes[round]!))
  const quartiles = ({ lower, upper }: typeof us): Quartiles => [rounded(lower), rounded(upper)]
  return {
    usMs: rounded(us.median),
    peerMs: rounded(peer.median),
    ratio: rounded(ratio.median),
    spread: { us: quartiles(us), peer: quartiles(peer), ratio: quartiles(ratio) },
  }
}

/** Without the digits that mean nothing. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
