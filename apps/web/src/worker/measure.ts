import { cost, inferShapes, type NodeTime, onlyInput, tensor } from '@resnet-ts/graph'
import type { Model } from 'resnet-ts'
import type { LayerTime, Measurement } from './api.js'

/** Runs before the clock is started: plans are made and memory is taken in the first. */
const warmUps = 2
const leastRuns = 5
const mostRuns = 200

/**
 * Runs a network on noise, one image at a time, until so many milliseconds have gone.
 *
 * @throws the signal's reason once it is aborted
 */
export async function measure(
  model: Model,
  milliseconds: number,
  { signal, onRun }: { readonly signal: AbortSignal; onRun(run: number): void },
): Promise<Omit<Measurement, 'preparing'>> {
  const [height, width] = model.preprocess.size
  const shape = [1, height, width, 3]
  const noise = Float32Array.from({ length: height * width * 3 }, () => Math.random() * 4 - 2)
  const runs: number[] = []
  const profiles: (readonly NodeTime[])[] = []
  const run = async () => {
    // A run may take its input's memory with it.
    const pixels = tensor(shape, noise.slice())
    const start = performance.now()
    await model.predict(pixels, { signal })
    return performance.now() - start
  }
  for (let index = 0; index < warmUps; index++) await run()
  const end = performance.now() + milliseconds
  while (runs.length < leastRuns || (performance.now() < end && runs.length < mostRuns)) {
    runs.push(await run())
    const { profile } = model.describe()
    if (profile) profiles.push(profile)
    onRun(runs.length)
  }
  const { device, notes, memoryBytes } = model.describe()
  return { device, notes, memoryBytes, runs, layers: profiles.length > 0 ? layersOf(model, profiles) : undefined }
}

/** Each node's median time, in the order in which they are computed. */
function layersOf({ graph, preprocess }: Model, profiles: readonly (readonly NodeTime[])[]): readonly LayerTime[] {
  const { nodes } = cost(graph, inferShapes(graph, { [onlyInput(graph)]: [1, ...preprocess.size, 3] }))
  return profiles[0]!.map(({ node, kernel }, index) => ({
    node,
    kernel,
    milliseconds: median(profiles.map((profile) => profile[index]!.milliseconds)),
    macs: nodes.get(node)?.macs ?? 0,
  }))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
