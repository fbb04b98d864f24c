import { type Availability, activationKinds, type Backend, BackendError, lower, OptionError } from '@resnet-ts/graph'
import { compileBinary } from './binary.js'
import type { Settings } from './engine/engine.js'
import { mostPages } from './engine/memory.js'
import { detectFeatures, type Features } from './features.js'
import { type Staff, WasmSession } from './session.js'
import { type Team, TeamInPlace, TeamOfThreads } from './team.js'

export interface WasmOptions {
  /** Threads that compute; all the cores there are, but at most 8, if left out. 1 where memory cannot be shared. */
  readonly threads?: number | undefined
  /**
   * `low` keeps the packed weights within 1.25 times of what they take as they are, instead of 2 times: some convolutions then
   * take a slower form.
   */
  readonly memory?: 'default' | 'low' | undefined
  /** The height and width of image, in pixels, for which the forms of the convolutions are chosen; 224 if left out. */
  readonly imageSize?: number | undefined
  /** Measures what each node takes; `describe()` tells. */
  readonly profile?: boolean | undefined
  /** Where the package's worker.js is served, if no bundler takes care of it. */
  readonly workerUrl?: string | URL | undefined
}

const fusedForms = { residual: true, activations: activationKinds }

/**
 * Computes in WebAssembly with kernels of our own, on threads of its own: the calling one stays free. Nothing is to be hosted
 * or configured; SIMD, relaxed SIMD and shared memory are used where they are there, and `describe()` says why not.
 *
 * @throws {OptionError} when an option is out of range
 */
export function wasm(options: WasmOptions = {}): Backend {
  checkOptions(options)
  return {
    name: 'wasm',
    fusedForms,
    isAvailable: async () => availabilityOf(detectFeatures()),
    async compile(graph, params) {
      const features = detectFeatures()
      const availability = availabilityOf(features)
      if (!availability.available) {
        throw new BackendError({ subject: "backend 'wasm'", expected: 'WebAssembly SIMD', found: availability.reason })
      }
      const network = lower({ graph, params }, fusedForms)
      return WasmSession.open(network, await staffFor(network.graph, options, features))
    },
  }
}

function checkOptions({ threads, imageSize, memory }: WasmOptions): void {
  const whole = (name: string, value: number | undefined, most: number) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= most)) return
    throw new OptionError({
      subject: `option '${name}' of wasm()`,
      expected: `a whole number from 1 to ${most}`,
      found: String(value),
    })
  }
  whole('threads', threads, 64)
  whole('imageSize', imageSize, 16384)
  if (memory !== undefined && memory !== 'default' && memory !== 'low') {
    throw new OptionError({
      subject: "option 'memory' of wasm()",
      expected: "'default' or 'low'",
      found: String(memory),
    })
  }
}

function availabilityOf({ simd }: Features): Availability {
  if (simd) return { available: true }
  const reason =
    typeof WebAssembly === 'undefined'
      ? 'there is no WebAssembly here'
      : 'this WebAssembly engine has no SIMD; every browser and Node since 2023 has'
  return { available: false, reason }
}

async function staffFor(graph: Settings['graph'], options: WasmOptions, features: Features): Promise<Staff> {
  const { threads, notes } = countThreads(options.threads, features)
  const { relaxedSimd } = features
  if (!relaxedSimd) notes.push('Plain SIMD: this WebAssembly engine has no relaxed SIMD.')
  const settings: Settings = {
    module: await compileBinary({ relaxedSimd, sharedMemory: threads > 1 }),
    memory: threads > 1 ? sharedMemory() : undefined,
    graph,
    threads,
    weightFactor: options.memory === 'low' ? 1.25 : 2,
    imageSize: options.imageSize ?? 224,
    profile: options.profile ?? false,
  }
  const words = `WebAssembly ${relaxedSimd ? 'relaxed SIMD' : 'SIMD'}`
  try {
    const first = await TeamOfThreads.start(settings, options.workerUrl)
    return hiring(
      first,
      settings,
      () => TeamOfThreads.start(settings, options.workerUrl),
      `${words}, ${countOf(threads)}`,
      notes,
    )
  } catch (cause) {
    if (options.workerUrl !== undefined) throw cause
    const reason = cause instanceof BackendError ? cause.details.found : String(cause)
    notes.push(`On the calling thread, which it holds up: no worker could be started (${reason}).`)
    const alone = {
      ...settings,
      threads: 1,
      memory: undefined,
      module: await compileBinary({ relaxedSimd, sharedMemory: false }),
    }
    const inPlace = async () => new TeamInPlace()
    return hiring(await inPlace(), alone, inPlace, `${words}, the calling thread`, notes)
  }
}

/** Staff whose first team is there already. */
function hiring(
  first: Team,
  settings: Settings,
  start: () => Promise<Team>,
  device: string,
  notes: readonly string[],
): Staff {
  let ready: Team | undefined = first
  return {
    device,
    notes,
    keepsMemory: settings.memory !== undefined,
    async hire(resumed) {
      const team = ready ?? (await start())
      ready = undefined
      try {
        await team.ask({ kind: 'prepare', settings, resumed }, ['prepared'])
        return team
      } catch (error) {
        await team.end()
        throw error
      }
    },
  }
}

/** How many threads, and why not more. */
function countThreads(wanted: number | undefined, { sharedMemory, cores }: Features) {
  const notes: string[] = []
  const threads = wanted ?? Math.min(cores, 8)
  if (threads > 1 && !sharedMemory) {
    notes.push('One thread: memory cannot be shared, since the page is not cross-origin isolated.')
    return { threads: 1, notes }
  }
  return { threads, notes }
}

const countOf = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`)

/** Memory that threads can share, as large as there is address space for. */
function sharedMemory(): WebAssembly.Memory {
  for (let maximum = mostPages; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum, shared: true })
    } catch (error) {
      if (maximum <= 1024) throw error
    }
  }
}
