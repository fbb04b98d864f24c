/** One tensor of a checkpoint: a view of the file's bytes, decoded when it is read. */
export interface CheckpointTensor {
  /** How the file stores its elements, by the safetensors name: `F64`, `F32`, `F16`, `BF16`, `I64`, … */
  readonly dtype: string
  /** The type of whole numbers that stand for these values, where a tfjs file is quantised: `U8` or `U16`. */
  readonly quantized?: string | undefined
  /**
   * As the file has it; PyTorch's order is OIHW for a convolution, `[out, in]` for a linear layer, `[]` for a scalar.
   * Keras's and tfjs's is another: `translate` turns it.
   */
  readonly shape: readonly number[]
  /**
   * The values, row by row. F32 is the file's own memory where it is aligned to four bytes and the machine is
   * little-endian, so do not write to it; otherwise each call decodes anew into memory of its own.
   *
   * @throws {CheckpointError} when the elements are not F64, F32, F16 or BF16
   */
  read(): Float32Array
}

/** The tensors of one file. Nothing of it is decoded before it is read. */
export interface Checkpoint {
  /** What the file is: `safetensors`, `pytorch`, `pytorch-legacy`, `npz`, `npy`, `onnx`, `keras`, `keras-h5`, `tfjs`. */
  readonly format: string
  /** The free text that the file carries, such as `{ format: 'pt' }`. */
  readonly metadata: Readonly<Record<string, string>>
  /** By name, in the order of the file's own listing. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>
  /**
   * Where in the file's nested dictionaries the tensors are, such as `state_dict`, and empty for the outermost; only
   * for a PyTorch file.
   */
  readonly part?: string | undefined
  /** All dictionaries of tensors in the file, such as `['state_dict', 'state_dict_ema']`: `readCheckpoint` takes one. */
  readonly parts?: readonly string[] | undefined
}

/** What may be asked of a file. */
export interface ParseOptions {
  /**
   * Which of a PyTorch file's dictionaries to take: one of its `parts`, such as `state_dict_ema`.
   *
   * @defaultValue the model's own weights, and a running average (EMA) of them only where there is nothing else
   */
  readonly part?: string | undefined
}
