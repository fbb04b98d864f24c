/**
 * What `--backend` takes. `auto` is what resnet-ts computes with unasked; `wasm` is our own engine in WebAssembly, `tfjs` that
 * of TensorFlow.js, `node` is onnxruntime-node.
 */
export const backendNames = ['auto', 'wasm', 'tfjs', 'node', 'reference'] as const

export type BackendName = (typeof backendNames)[number]

/** What `--format` of `resnet summary` takes. */
export const summaryFormats = ['tree', 'json', 'mermaid', 'dot', 'svg'] as const

export type SummaryFormat = (typeof summaryFormats)[number]

/** What `--dtype` of `resnet convert` takes. */
export const convertDTypes = ['F32', 'F16', 'BF16'] as const

export type ConvertDType = (typeof convertDTypes)[number]

/** The options that say which network computes, as commander gives them. */
export interface ModelArguments {
  readonly model?: string
  readonly weights?: string
  readonly config?: string
  readonly backend: BackendName
  readonly threads?: number
}
