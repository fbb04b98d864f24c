import { computed, signal } from '@preact/signals'
import type { BackendChoice, LoadRequest, Measurement, ModelOrigin } from '../worker/api.js'
import { backends } from './computing.js'
import { model } from './model.js'
import { startWorkbench } from './workers.js'

/** Something that can compute the network, and is measured. */
export interface Contender extends BackendChoice {
  readonly name: string
  /** Why it cannot be measured here. */
  readonly reason: string | undefined
}

export type Outcome =
  | { readonly state: 'preparing' }
  | { readonly state: 'running'; readonly runs: number }
  | { readonly state: 'measured'; readonly measurement: Measurement }
  | { readonly state: 'failed'; readonly reason: string }

/** All that there is: each backend, our own engine with one thread too. */
export const contenders = computed(() =>
  backends.value.flatMap(({ id, name, reason, threads: { most } }): Contender[] => {
    const one = { backend: id, threads: 1, name: id === 'wasm' ? `${name}, 1 thread` : name, reason }
    return most > 1 ? [{ backend: id, threads: most, name: `${name}, ${most} threads`, reason }, one] : [one]
  }),
)

/** An architecture with weights drawn afresh; undefined for the model in use. */
export const measuredArchitecture = signal<string | undefined>(undefined)

/** What was measured last, by the names of the contenders. */
export const outcomes = signal<ReadonlyMap<string, Outcome>>(new Map())
export const isMeasuring = signal(false)
/** The time of every layer, on our own engine with as many threads as there are. */
export const layers = signal<Outcome | undefined>(undefined)
/** What was measured: a model's title. */
export const measured = signal<string | undefined>(undefined)

/** How long each contender runs, in milliseconds, after it has warmed up. */
const duration = 2_000

let controller = new AbortController()

export function stopMeasuring(): void {
  controller.abort()
}

/**
 * Measures one contender after another, each in a worker of its own, so that none is in another's way; then the layers, on
 * our own engine.
 */
export async function measureAll(): Promise<void> {
  const origin = originToMeasure()
  if (!origin) return
  controller = new AbortController()
  const { signal } = controller
  const usable = contenders.peek().filter(({ reason }) => reason === undefined)
  measured.value = measuredArchitecture.peek() ?? model.peek()?.title
  outcomes.value = new Map()
  layers.value = undefined
  isMeasuring.value = true
  for (const contender of usable) {
    await measure({ ...contender, origin }, signal, (outcome) => {
      const others = [...outcomes.peek()].filter(([name]) => name !== contender.name)
      outcomes.value = new Map(outcome ? [...others, [contender.name, outcome]] : others)
    })
  }
  const engine = usable.find(({ backend }) => backend === 'wasm')
  if (engine) {
    await measure({ ...engine, origin, profile: true }, signal, (outcome) => {
      layers.value = outcome
    })
  }
  isMeasuring.value = false
}

function originToMeasure(): ModelOrigin | undefined {
  const architecture = measuredArchitecture.peek()
  return architecture === undefined ? model.peek()?.origin : { kind: 'drawn', architecture }
}

/** Measures one network on one backend, and tells what comes of it; nothing if it is stopped. */
async function measure(
  { origin, backend, threads, profile }: LoadRequest,
  signal: AbortSignal,
  tell: (outcome: Outcome | undefined) => void,
): Promise<void> {
  if (signal.aborted) return
  const bench = startWorkbench()
  tell({ state: 'preparing' })
  try {
    const onProgress = ({ run }: { readonly run: number }) => tell({ state: 'running', runs: run })
    await bench.call('load', { origin, backend, threads, profile }, { signal })
    const measurement = await bench.call('measure', { milliseconds: duration }, { signal, onProgress })
    tell({ state: 'measured', measurement })
  } catch (error) {
    tell(signal.aborted ? undefined : { state: 'failed', reason: (error as Error).message })
  } finally {
    bench.end()
  }
}
