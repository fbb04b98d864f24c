import { onlyInput, type Session, tensor } from '@resnet-ts/graph'
import type { MemoryMode, Side } from '../race/job.js'
import { courseOf } from '../race/network.js'
import type { Place } from '../race/runner.js'
import { type Spread, spreadOf } from '../race/statistics.js'
import { engine } from '../us/engine.js'
import { type LayerShape, layerShapes } from './layers.js'
import { bestTile } from './tile.js'

/** What is to be measured, in words that can be sent to another process. */
export interface KernelJob {
  readonly model: string
  readonly batch: number
  readonly size?: number
  readonly threads: number
  readonly memory: MemoryMode
  readonly rounds: number
}

/** What the engine reached on one shape. */
export interface LayerSpeed {
  readonly name: string
  /** How many layers have it. */
  readonly layers: number
  /** Of all of them together. */
  readonly milliseconds: Spread
  /** Nothing for ops whose arithmetic is not counted. */
  readonly gflops?: Spread
  /** Of the bare tile's speed on as many threads, measured in the same round. */
  readonly share?: Spread
}

export interface KernelSpeeds {
  readonly tile: { readonly name: string; readonly gflops: Spread } | null
  readonly us: Side
  /** Nothing where the engine does not tell the times of its nodes. */
  readonly layers: readonly LayerSpeed[]
}

/** How long each node of the last run took, as the engine tells when it was created with `profile: true`. */
type Profile = readonly { readonly node: string; readonly milliseconds: number }[]

/** One round: the tile and the network, one after the other. */
interface Round {
  readonly tileGflops: number | undefined
  readonly profile: Profile
}

const warmUpRounds = 5

/** Measures the bare register tile and every layer of a network in alternating rounds. */
export async function measureKernels(job: KernelJob, place: Place): Promise<KernelSpeeds> {
  const { network, shape, images } = courseOf(job.model, job.batch, job.size)
  const { threads, memory } = job
  const backend = engine({ threads, memory, profile: true })
  const session = await backend.compile(network.graph, network.params)
  const tile = bestTile()
  try {
    const inputs = { [onlyInput(network.graph)]: tensor(shape, images.nhwc) }
    const rounds: Round[] = []
    for (let round = -warmUpRounds; round < job.rounds; round++) {
      const tileGflops = tile?.measure()
      await session.run(inputs)
      if (round >= 0) rounds.push({ tileGflops, profile: profileOf(session) })
    }
    const us = {
      name: backend.name,
      version: await place.versionOf('@resnet-ts/backend-wasm'),
      device: session.describe().device,
    }
    const isTold = rounds.every(({ profile }) => profile.length > 0)
    const layers = isTold ? speedsOf(layerShapes(network, shape), rounds, threads) : []
    const tileSpeeds = rounds.flatMap(({ tileGflops }) => tileGflops ?? [])
    return { tile: tile ? { name: tile.name, gflops: spreadOf(tileSpeeds) } : null, us, layers }
  } finally {
    await session.dispose()
  }
}

function profileOf(session: Session): Profile {
  const { profile } = session.describe() as { readonly profile?: Profile }
  return profile ?? []
}

/** Of each shape, and last of all that the engine computed. */
export function speedsOf(shapes: readonly LayerShape[], rounds: readonly Round[], threads: number): LayerSpeed[] {
  const flops = shapes.reduce((sum, shape) => sum + shape.flops, 0)
  const nodes = rounds[0]!.profile.map(({ node }) => node)
  return [...shapes, { name: 'all', nodes, flops }].map((shape) => speedOf(shape, rounds, threads))
}

function speedOf({ name, nodes, flops }: LayerShape, rounds: readonly Round[], threads: number): LayerSpeed {
  const own = new Set(nodes)
  const times = rounds.map(({ profile }) =>
    profile.reduce((sum, { node, milliseconds }) => sum + (own.has(node) ? milliseconds : 0), 0),
  )
  const measured = { name, layers: own.size, milliseconds: spreadOf(times) }
  // A node may have been computed within another.
  if (flops === 0 || times.includes(0)) return measured
  const speeds = times.map((milliseconds) => flops / milliseconds / 1e6)
  const shares = speeds.flatMap((speed, round) => {
    const { tileGflops } = rounds[round]!
    return tileGflops === undefined ? [] : [speed / (tileGflops * threads)]
  })
  return { ...measured, gflops: spreadOf(speeds), ...(shares.length > 0 && { share: spreadOf(shares) }) }
}
