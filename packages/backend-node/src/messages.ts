/** What a worker is asked to do: make a session of a model, run it, and end. One request is under way at a time. */
export type Request =
  | { readonly kind: 'load'; readonly model: Uint8Array; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: 'run'; readonly inputs: readonly PlainTensor[] }
  | { readonly kind: 'end' }

/** Its answer. A worker says whether it is ready before it is asked. */
export type Reply =
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'loaded' }
  /** With the memory of the inputs, which goes back to be used again. */
  | { readonly kind: 'outputs'; readonly outputs: readonly PlainTensor[]; readonly inputs: readonly Float32Array[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string }

/** An input or an output, by its place in the model's list. */
export interface PlainTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}
