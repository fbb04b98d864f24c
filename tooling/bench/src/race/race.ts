import { type Agreement, compareOutputs } from './agreement.js'
import type { Layout, Runner } from './runner.js'

export interface RaceOptions {
  /** How many rounds are timed. */
  readonly rounds: number
  /** How many come before, at least, untimed. */
  readonly warmUpRounds: number
  /** How long they go on, at least, in milliseconds. */
  readonly warmUpMilliseconds: number
}

/** What a race came to. */
export interface Race {
  /** Wall-clock milliseconds of each round, as the caller saw them. */
  readonly usTimes: readonly number[]
  readonly peerTimes: readonly number[]
  /** Of all rounds, the worst. */
  readonly agreement: Agreement
}

/**
 * Milliseconds of rest before each run. The threads of onnxruntime wait for more work in a busy loop, 25 to 40 ms long as
 * measured here, and would take the processor from the other side.
 */
const rest = 50

/**
 * Lets two sides compute the same images in turn, round by round. In every other round the peer goes first. A race whose
 * sides disagree ends at once.
 *
 * @param images - the same images in both orders of axes
 */
export async function race(
  us: Runner,
  peer: Runner,
  images: Readonly<Record<Layout, Float32Array>>,
  { rounds, warmUpRounds, warmUpMilliseconds }: RaceOptions,
): Promise<Race> {
  const usTimes: number[] = []
  const peerTimes: number[] = []
  let agreement: Agreement = { worst: 0 }
  const began = performance.now()
  let warmUps = 0
  const isWarm = () => warmUps >= warmUpRounds && performance.now() - began >= warmUpMilliseconds
  for (let timed = 0; timed < rounds; ) {
    const warm = isWarm()
    const round = warmUps + timed
    const results = new Map<Runner, Timed>()
    for (const runner of round % 2 === 0 ? [us, peer] : [peer, us]) {
      results.set(runner, await time(runner, images[runner.layout]))
    }
    const [ours, theirs] = [results.get(us)!, results.get(peer)!]
    const compared = compareOutputs(ours.output, theirs.output)
    if (compared.disagreement) return { usTimes, peerTimes, agreement: compared }
    if (compared.worst! > agreement.worst!) agreement = compared
    if (warm) {
      usTimes.push(ours.milliseconds)
      peerTimes.push(theirs.milliseconds)
      timed += 1
    } else warmUps += 1
  }
  return { usTimes, peerTimes, agreement }
}

interface Timed {
  readonly output: Float32Array
  readonly milliseconds: number
}

async function time(runner: Runner, input: Float32Array): Promise<Timed> {
  await new Promise((resolve) => setTimeout(resolve, rest))
  const start = performance.now()
  const output = await runner.run(input)
  return { output, milliseconds: performance.now() - start }
}
