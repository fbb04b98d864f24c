import type { PlainTensor, Result, Settings } from './engine.js'
import type { NodeValues } from './weights.js'

/** What the thread that leads is asked for. One thing at a time, but `cancel`, which has no answer of its own. */
export type Request =
  | { readonly kind: 'prepare'; readonly settings: Settings; readonly resumed: boolean }
  | { readonly kind: 'pack'; readonly node: string; readonly values: NodeValues }
  | { readonly kind: 'run'; readonly inputs: readonly PlainTensor[]; readonly cancellable: boolean }
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
  | { readonly kind: 'ready' }
  | { readonly kind: 'prepared'; readonly memoryBytes: number }
  | { readonly kind: 'packed' }
  | ({ readonly kind: 'result'; readonly memoryBytes: number } & Result)
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly reason: string; readonly advice?: string | undefined }
