import type { Graph, Network } from '@resnet-ts/graph'
import { type Binaries, binaryNameOf } from './binary.js'
import type { Settings } from './engine/engine.js'
import { ownMemory, sharedMemory } from './engine/memory.js'
import type { Features } from './features.js'
import type { WasmOptions } from './options.js'
import { TeamOfThreads, WorkerStartError } from './team/ofThreads.js'
import { pack } from './team/pack.js'
import type { Team } from './team/team.js'
import { countThreads, deviceOf } from './threads.js'

/** Who computes for a session. */
export interface Staff {
  readonly team: Team
  /**
   * A team in place of one that ended by itself, with what was packed before if its memory was shared.
   *
   * @throws {BackendError} when its threads do not start
   */
  rehire(): Promise<Team>
  /** Whether the memory, with the packed weights, outlives the threads. */
  readonly keepsMemory: boolean
  readonly device: string
  readonly notes: readonly string[]
}

/** Starts threads, if there are to be any: they need no network yet. Whether with success, `assemble` tells. */
export function hire(options: WasmOptions, features: Features): TeamOfThreads | undefined {
  if (options.worker === false) return undefined
  return new TeamOfThreads(countThreads(options, features).threads, options.workerUrl)
}

/** The binary for these features. */
export function binaryFor(options: WasmOptions, features: Features, binaries: Binaries): Promise<WebAssembly.Module> {
  const sharedMemory = countThreads(options, features).threads > 1
  return binaries.get(binaryNameOf({ relaxedSimd: features.relaxedSimd, sharedMemory }))
}

/**
 * Finds out who is to compute a network, and has its parameters packed.
 *
 * @param hired - threads that were started for it
 * @throws {ParameterError} when a parameter has not the values that it should
 * @throws {BackendError} when there is not enough memory, the binary is not to be had, or a caller's `workerUrl` leads nowhere
 */
export async function assemble(
  network: Network,
  options: WasmOptions,
  features: Features,
  binaries: Binaries,
  hired = hire(options, features),
): Promise<Staff> {
  const { threads, notes } = countThreads(options, features)
  if (!features.relaxedSimd) notes.push('Plain SIMD: this WebAssembly engine has no relaxed SIMD.')
  const settings = await settingsFor(network.graph, threads, options, features, binaries).catch(async (error) => {
    await hired?.end()
    throw error
  })
  if (hired) {
    try {
      hired.start(settings)
      await pack(network, hired)
      const begin = () => new TeamOfThreads(threads, options.workerUrl)
      const device = deviceOf(features, options)
      return { team: hired, rehire: rehiring(begin, settings), keepsMemory: threads > 1, device, notes }
    } catch (error) {
      if (!(error instanceof WorkerStartError) || options.workerUrl !== undefined) throw error
      const cause = `no worker could be started (${error.details.found})`
      const advice = "the option 'workerUrl' says where the package's worker.js is served"
      notes.push(`On the calling thread, which it holds up: ${cause}; ${advice}.`)
    }
  }
  const { TeamInPlace } = await import('./team/inPlace.js')
  const start = () => TeamInPlace.start({ ...settings, threads: 1, memory: memoryFor(threads) ?? ownMemory() })
  const team = await start()
  await pack(network, team)
  return {
    team,
    rehire: start,
    keepsMemory: false,
    device: deviceOf(features, { worker: false }),
    notes,
  }
}

/** Makes teams, each on memory of its own, with what the one before packed if that can be had. */
function rehiring(begin: () => TeamOfThreads, { memory: first, ...rest }: Settings): () => Promise<Team> {
  let packedIn = first
  return async () => {
    const memory = memoryFor(rest.threads)
    const team = await begin().startAgain({ ...rest, memory }, packedIn)
    packedIn = memory
    return team
  }
}

/** Shared by threads, if there are several; otherwise each engine makes its own. */
function memoryFor(threads: number): WebAssembly.Memory | undefined {
  return threads > 1 ? sharedMemory() : undefined
}

async function settingsFor(
  graph: Graph,
  threads: number,
  options: WasmOptions,
  features: Features,
  binaries: Binaries,
): Promise<Settings> {
  return {
    module: await binaryFor(options, features, binaries),
    memory: memoryFor(threads),
    graph,
    threads,
    weightFactor: options.memory === 'low' ? 1.25 : 2,
    imageSize: options.imageSize ?? 224,
    profile: options.profile ?? false,
  }
}
