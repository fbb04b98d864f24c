import {
  cost,
  type Graph,
  inferShapes,
  inputsOf,
  type Network,
  onlyInput,
  type Shape,
  sizeOf,
  tensor,
} from '@resnet-ts/graph'
import { version } from '../version.js'
import type { Backends, Candidate, Compiled } from './backends.js'
import { measure, type Outcome, timeIn } from './measure.js'
import { machine, recall, remember } from './memory.js'

/** A network before it has weights, and `[height, width]` of the images with which it is to be fast. */
export interface Task {
  readonly graph: Graph
  readonly size: readonly [height: number, width: number]
  readonly signal: AbortSignal | undefined
}

/**
 * Has the fastest of the backends that are available compute a network: the one that was on this machine before, or
 * else the one that is, measured with the network's weights. Those that it may be begin what needs none.
 *
 * @returns what compiles the network
 * @throws {ShapeError} when the network does not take such an image
 * @throws {OptionError} when it has several inputs
 */
export async function chooseFastest(
  backends: Backends,
  { graph, size, signal }: Task,
): Promise<(network: Network) => Promise<Compiled>> {
  const candidates = await backends.candidates()
  const compileOnCurrent = () => {
    backends.begin([backends.current])
    return (network: Network) => backends.compile(network)
  }
  if (candidates.length === 1) return compileOnCurrent()
  const shape = [1, ...size, inputsOf(graph)[0]!.type.channels]
  const key = keyOf(graph, shape, candidates)
  const remembered = outcomesIn(await recall(key), candidates.length)
  if (remembered) {
    settle(backends, candidates, remembered, 'as was measured before')
    return compileOnCurrent()
  }
  backends.begin(candidates.map(({ backend }) => backend))
  return async (network) => {
    const inputs = { [onlyInput(graph)]: tensor(shape, new Float32Array(sizeOf(shape))) }
    const { outcomes, fastest } = await measure(backends, candidates, { network, inputs, signal })
    settle(backends, candidates, outcomes, 'measured')
    await remember(key, outcomes)
    return fastest
  }
}

/** What must be the same for what was measured before to hold. */
function keyOf(graph: Graph, shape: Shape, candidates: readonly Candidate[]): string {
  const { macs, parameters } = cost(graph, inferShapes(graph, { [onlyInput(graph)]: shape })).total
  const network = `${graph.name}, ${parameters} parameters, ${macs} multiplications on ${shape.join('×')}`
  const devices = candidates.map(({ backend, device }) => (device ? `${backend.name} (${device})` : backend.name))
  return [`resnet-ts ${version}`, machine(), network, ...devices].join('; ')
}

/** What was remembered of so many backends, if it is that. */
function outcomesIn(value: unknown, count: number): readonly Outcome[] | undefined {
  if (!Array.isArray(value) || value.length !== count || !value.every(isOutcome)) return undefined
  return value.some((outcome) => timeIn(outcome) < Number.POSITIVE_INFINITY) ? value : undefined
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null) return false
  const { milliseconds, longerThan, failure } = value as Readonly<Record<string, unknown>>
  return typeof milliseconds === 'number' || typeof longerThan === 'number' || typeof failure === 'string'
}

/** Puts the fastest first, rules out those that failed, and says why. */
function settle(
  backends: Backends,
  candidates: readonly Candidate[],
  outcomes: readonly Outcome[],
  source: string,
): void {
  const measured = candidates
    .map(({ backend }, index) => ({ backend, outcome: outcomes[index]! }))
    .sort((left, right) => Math.min(timeIn(left.outcome), 1e9) - Math.min(timeIn(right.outcome), 1e9))
  const times = measured.flatMap(({ backend: { name }, outcome }) => {
    if ('milliseconds' in outcome) return [`${name} takes ${Number(outcome.milliseconds.toPrecision(3))} ms an image`]
    return 'longerThan' in outcome ? [`${name} more than ${outcome.longerThan} ms`] : []
  })
  backends.order(
    measured.map(({ backend }) => backend),
    `The fastest, ${source}: ${times.join(', ')}.`,
  )
  for (const { backend, outcome } of measured) if ('failure' in outcome) backends.refuse(backend, outcome.failure)
}
