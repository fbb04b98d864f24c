import { inputsOf, optimise, type SessionDescription, type Shape, sizeOf, type Tensor, tensor } from '@resnet-ts/graph'
import { backendNamed, type NamedBackend } from '../backends.js'
import type { Context } from '../context.js'
import { type NetworkArguments, networkOf, type SizedNetwork } from './network.js'
import { type Spread, spreadOf } from './spread.js'

/** One measurement, in words that can be sent to another process. */
export interface BenchJob extends NetworkArguments {
  readonly backend: NamedBackend
  readonly threads: number
  readonly batch: number
  /** Height and width of the images, in pixels; the model's own, if left out. */
  readonly inputSize?: number
  /** How many runs are timed. */
  readonly rounds: number
}

/** What was measured; times in milliseconds. */
export interface BenchResult extends SessionDescription {
  /** To fold, fuse and pack the network, whose weights are in memory. */
  readonly load: number
  /** The first run, which plans for the size of its images. */
  readonly first: number
  /** Of a run, after some that are not timed. */
  readonly latency: Spread
  /** Resident memory of the process, in bytes, with nothing in it but the network that was loaded. */
  readonly memory: number
}

/** Untimed runs before the timed ones, and how long they go on at least: JavaScript engines compile in steps. */
const warmUp = { runs: 3, milliseconds: 500 }

/** Measures one backend, in this process. */
export async function measure(job: BenchJob, context: Context): Promise<BenchResult> {
  const { session, inputs, load } = await compile(inMemory(await networkOf(job, context)), job)
  const run = () => timed(() => session.run(inputs))
  const { milliseconds: first } = await run()
  const began = performance.now()
  for (let runs = 0; runs < warmUp.runs || performance.now() - began < warmUp.milliseconds; runs++) await run()
  const times: number[] = []
  for (let round = 0; round < job.rounds; round++) times.push((await run()).milliseconds)
  const memory = await residentMemory()
  const description = session.describe()
  await session.dispose()
  return { ...description, load, first, latency: spreadOf(times), memory }
}

/** The network with every parameter read, so that reading, or drawing, is not taken for loading. */
function inMemory({ network, size }: SizedNetwork): SizedNetwork {
  const params = new Map(
    [...network.params].map(([key, parameter]) => {
      const values = parameter.read()
      return [key, { shape: parameter.shape, read: () => values }] as const
    }),
  )
  return { network: { graph: network.graph, params }, size }
}

async function compile({ network, size }: SizedNetwork, { backend, threads, batch, inputSize }: BenchJob) {
  const [height, width] = inputSize === undefined ? size : [inputSize, inputSize]
  const [input] = inputsOf(network.graph)
  const inputs = { [input!.name]: noise([batch, height, width, input!.type.channels]) }
  const compiler = await backendNamed(backend, threads)
  const { result: session, milliseconds } = await timed(async () => {
    const optimised = optimise(network)
    return compiler.compile(optimised.graph, optimised.params)
  })
  return { session, inputs, load: milliseconds }
}

/** The memory in use once what the weights came in is gone: the process is started with `--expose-gc`. */
async function residentMemory(): Promise<number> {
  // What a collection finds, other threads let go of a little later.
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return process.memoryUsage.rss()
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; milliseconds: number }> {
  const start = performance.now()
  const result = await work()
  return { result, milliseconds: performance.now() - start }
}

/** Images of values between −1 and 1 that look random, and are always the same. */
function noise(shape: Shape): Tensor {
  let state = 1
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
  return tensor(shape, data)
}
