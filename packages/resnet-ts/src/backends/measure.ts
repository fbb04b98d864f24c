import { BackendError, type Network, type Session, type Tensor } from '@resnet-ts/graph'
import { type Backends, type Candidate, type Compiled, reasonOf } from './backends.js'

type Tensors = Readonly<Record<string, Tensor>>

/** What is measured. */
export interface Measurement {
  readonly network: Network
  readonly inputs: Tensors
  readonly signal: AbortSignal | undefined
}

/** What came of measuring a backend. */
export type Outcome =
  | { readonly milliseconds: number }
  /** A run did not end within so many milliseconds. */
  | { readonly longerThan: number }
  | { readonly failure: string }

/** Milliseconds for which the runs of a backend are measured. */
const period = 150

/** Milliseconds that a run may take; only where all take longer are they given more. */
const patiences = [500, 2_000, 8_000, 32_000, 128_000]

/** A backend that is measured, as long as it may be the fastest. */
interface Trial {
  readonly candidate: Candidate
  compiled?: Compiled | undefined
  outcome?: Outcome
}

/**
 * Measures how long a run of a network takes on each of some backends, after one that does not count. Those that are
 * slower than another are disposed of at once.
 *
 * @returns what came of each, and the network on the fastest
 * @throws {BackendError} when all fail; the signal's reason once it is aborted; whatever else a backend throws
 */
export async function measure(
  backends: Backends,
  candidates: readonly Candidate[],
  { network, inputs, signal }: Measurement,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly fastest: Compiled }> {
  const trials: Trial[] = candidates.map((candidate) => ({ candidate }))
  try {
    for (const patience of patiences) {
      for (const trial of trials) {
        if (trial.outcome && !('longerThan' in trial.outcome)) continue
        trial.outcome = await outcomeOf(trial, async () => {
          trial.compiled ??= await backends.compileOn(trial.candidate.backend, network)
          return timeOf(trial.compiled.session, patience, { inputs, signal })
        })
        signal?.throwIfAborted()
        await keepFastest(trials)
      }
      const fastest = fastestOf(trials)
      if (fastest) return { outcomes: trials.map(({ outcome }) => outcome!), fastest: take(fastest) }
    }
    throw noneEnds(trials)
  } finally {
    // One that does not end cannot be waited for.
    for (const trial of trials) void end(trial)
  }
}

async function outcomeOf(trial: Trial, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BackendError)) throw error
    void end(trial)
    return { failure: reasonOf(error) }
  }
}

/** How long a run takes on average. */
async function timeOf(
  session: Session,
  patience: number,
  { inputs, signal }: Omit<Measurement, 'network'>,
): Promise<Outcome> {
  const ends = () => endsWithin(patience, signal, (limit) => session.run(inputs, { signal: limit }))
  // The first run of a size is longer: it is planned.
  if (!(await ends())) return { longerThan: patience }
  const start = performance.now()
  for (let runs = 1; ; runs++) {
    if (!(await ends())) return { longerThan: patience }
    const passed = performance.now() - start
    if (passed >= period) return { milliseconds: passed / runs }
  }
}

/** Whether work ends within so many milliseconds; then it is aborted, and waited for as long again. */
async function endsWithin(
  limit: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  const controller = new AbortController()
  const aborting = setTimeout(() => controller.abort(), limit)
  let leaving: ReturnType<typeof setTimeout> | undefined
  const left = new Promise<boolean>((resolve) => {
    leaving = setTimeout(resolve, 2 * limit, false)
  })
  const signals = signal ? [signal, controller.signal] : [controller.signal]
  const ended = work(AbortSignal.any(signals)).then(
    () => true,
    (error: unknown) => {
      if (!controller.signal.aborted || signal?.aborted) throw error
      return false
    },
  )
  try {
    return await Promise.race([ended, left])
  } finally {
    clearTimeout(aborting)
    clearTimeout(leaving)
  }
}

function fastestOf(trials: readonly Trial[]): Trial | undefined {
  const times = trials.map((trial) => timeIn(trial.outcome))
  const least = Math.min(...times)
  return least < Number.POSITIVE_INFINITY ? trials[times.indexOf(least)] : undefined
}

/** Infinite where none was measured. */
export function timeIn(outcome: Outcome | undefined): number {
  return outcome && 'milliseconds' in outcome ? outcome.milliseconds : Number.POSITIVE_INFINITY
}

/** Frees the memory of those that were measured and are slower. */
async function keepFastest(trials: readonly Trial[]): Promise<void> {
  const fastest = fastestOf(trials)
  const measured = trials.filter(({ outcome }) => outcome && 'milliseconds' in outcome)
  await Promise.all(measured.filter((trial) => trial !== fastest).map(end))
}

function take(trial: Trial): Compiled {
  const { compiled } = trial
  trial.compiled = undefined
  return compiled!
}

async function end(trial: Trial): Promise<void> {
  const { compiled } = trial
  trial.compiled = undefined
  // A backend that failed may fail at this, too.
  await compiled?.session.dispose().catch(() => undefined)
}

function noneEnds(trials: readonly Trial[]): BackendError {
  const reasons = trials.map(({ candidate, outcome }) => {
    const { name } = candidate.backend
    return outcome && 'failure' in outcome ? `${name}: ${outcome.failure}` : `${name}: a run that does not end`
  })
  return new BackendError({ subject: 'backends', expected: 'one that computes the network', found: reasons.join('; ') })
}
