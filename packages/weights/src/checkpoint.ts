/** One tensor of a checkpoint: a view of the file's bytes, decoded when it is read. */
export interface CheckpointTensor {
  /** How the file stores its elements, by the safetensors name: `F32`, `F16`, `BF16`, `I64`, … */
  readonly dtype: string
  /** In PyTorch's order: OIHW for a convolution, `[out, in]` for a linear layer, `[]` for a scalar. */
  readonly shape: readonly number[]
  /**
   * The values, row by row. F32 is the file's own memory where it is aligned to four bytes and the machine is
   * little-endian, so do not write to it; otherwise each call decodes anew into memory of its own.
   *
   * @throws {CheckpointError} when the elements are not F32, F16 or BF16
   */
  read(): Float32Array
}

/** The tensors of one file. Nothing of it is decoded before it is read. */
export interface Checkpoint {
  /** What the file is: `safetensors`. */
  readonly format: string
  /** The free text that the file carries, such as `{ format: 'pt' }`. */
  readonly metadata: Readonly<Record<string, string>>
  /** By name, in the order of the file's own listing. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>
}
