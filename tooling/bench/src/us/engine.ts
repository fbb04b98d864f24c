import { wasm } from '@resnet-ts/backend-wasm'
import type { Backend } from '@resnet-ts/graph'
import type { MemoryMode } from '../race/job.js'

export interface EngineOptions {
  readonly threads: number
  readonly memory?: MemoryMode
  /** Whether its session tells how long each node took. */
  readonly profile?: boolean
}

/** The engine: nothing else here imports it. */
export const engine: (options: EngineOptions) => Backend = wasm
