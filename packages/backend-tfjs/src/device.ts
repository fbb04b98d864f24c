/** What a tfjs backend computes on, for `session.describe()`. */
export interface TfjsDevice {
  /** In words: `WebAssembly SIMD (TensorFlow.js), 1 thread`. */
  readonly device: string
  /** Why it is not faster, and anything else worth knowing. */
  readonly notes: readonly string[]
  /** Bytes of memory that it holds, where it knows. */
  readonly memoryBytes?: number | undefined
}
