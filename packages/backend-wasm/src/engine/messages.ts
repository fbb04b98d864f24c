import type { PlainTensor, Result, Settings } from './engine.js'
import type { Region } from './memory.js'
import type { NodeParcel } from './packing.js'

/** What the thread that leads is asked for. One thing at a time, but `cancel`, which has no answer of its own. */
export type Request =
  /** The weights may be packed already, in the memory of a team before. */
  | { readonly kind: 'prepare'; readonly settings: Settings; readonly packedIn: WebAssembly.Memory | undefined }
  | {
      readonly kind: 'pack'
      readonly nodes: readonly NodeParcel[]
      /** Whether the values lie in the engine's own memory, where it said. */
      readonly staged: boolean
    }
  | {
      readonly kind: 'run'
      readonly inputs: readonly PlainTensor[]
      /** Whether to look now and then for what else has come: otherwise the run is one call into WebAssembly. */
      readonly pausing: boolean
    }
  | { readonly kind: 'cancel' }

/** What a helping thread is told, once. */
export interface Help {
  readonly kind: 'help'
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly thread: number
  readonly threads: number
}

export type Reply =
  /** Of every thread, once its script has begun. */
  | { readonly kind: 'ready' }
  /** Of one that helps, once it waits for jobs. */
  | { readonly kind: 'helping' }
  | { readonly kind: 'prepared'; readonly memoryBytes: number; readonly staging: Region }
  /** What the values came in goes back, if they were handed over, and can be used again. */
  | { readonly kind: 'packed'; readonly parcel: ArrayBuffer | undefined }
  /** The inputs go back as well: memory that has been used before costs less than new. */
  | ({ readonly kind: 'result'; readonly memoryBytes: number; readonly inputs: readonly PlainTensor[] } & Result)
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed'
      readonly expected?: string
      readonly reason: string
      readonly advice?: string | undefined
      /** Whether it failed in the midst of a run that others take part in. */
      readonly isBroken: boolean
    }
