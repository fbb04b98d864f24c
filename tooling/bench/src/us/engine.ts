import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import type { Backend } from '@resnet-ts/graph'
import type { MemoryMode } from '../race/job.js'

export interface EngineOptions {
  readonly threads: number
  readonly memory?: MemoryMode
  /** Whether its session tells how long each node took. */
  readonly profile?: boolean
}

/** The engine: nothing else here imports it. TensorFlow.js stands in, under its own name, until backend-wasm has one. */
export const engine: (options: EngineOptions) => Backend = () => tfjsWasm()
