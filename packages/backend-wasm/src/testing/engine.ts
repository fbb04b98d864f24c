import { type Graph, type Params, parametersOf, readParameter, sizeOf, type Tensor, tensor } from '@resnet-ts/graph'
import { Binaries, binaryNameOf } from '../binary.js'
import { Engine, type Settings } from '../engine/engine.js'

/** An engine on this thread, its weights packed, without a session around it. */
export async function engineFor(
  graph: Graph,
  params: Params,
  options: Partial<Settings> & { relaxedSimd?: boolean } = {},
) {
  const { relaxedSimd = false, ...rest } = options
  const module = await new Binaries().get(binaryNameOf({ relaxedSimd, sharedMemory: false }))
  const defaults = { threads: 1, weightFactor: 2, imageSize: 224, profile: false }
  const engine = await Engine.create({ module, graph, ...defaults, ...rest })
  for (const node of graph.nodes) {
    const values = parametersOf(node).map((spec) => [spec.key.slice(node.name.length + 1), readParameter(params, spec)])
    if (values.length > 0) engine.pack([{ node: node.name, values: Object.fromEntries(values) }])
  }
  return engine
}

/** The outputs for one run, in the order of the graph's. */
export function compute(engine: Engine, ...inputs: readonly Tensor[]): readonly Tensor[] {
  engine.compute(0, engine.begin(inputs))
  return engine.end().outputs.map(({ shape, data }) => tensor(shape, data))
}

/** Numbers from 0 to 1, a function of the seed: mulberry32. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A tensor whose values are a function of where they are. */
export function filled(shape: readonly number[], value: (index: number) => number): Tensor {
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => value(index)),
  )
}
