import { dataFile, decodeFloats, once } from './read.js'
import { type GoldenKey, goldenTensor } from './values.js'

/**
 * One operation, what it is given and what PyTorch answers. Every shape and all data are in PyTorch's order of axes.
 *
 * `op` is the function of `torch.nn.functional` (or `torch`) that was called, or one of these:
 *
 * - `pad_conv2d`: `conv2d` of what `pad` makes, zeros `[left, right, top, bottom]`
 * - `std_conv2d`: `conv2d` with standardised filters, (w − mean) / √(variance + eps)
 * - `blur_pool2d`: every `stride`-th pixel of a binomial blur of the reflected map, as timm's `BlurPool2d`
 * - `adaptive_avgmax_pool2d`, `adaptive_catavgmax_pool2d`: half the sum of both pools; both, one after the other
 * - `channel_conv1d`: `conv1d` along the channels of `[n, c]`, as efficient channel attention has it
 */
export interface GoldenOp {
  /** Unique, and begins with `op`, such as `conv2d groups 2`. */
  readonly name: string
  readonly op: string
  /** The function's arguments other than tensors, by PyTorch's names. */
  readonly attributes: Readonly<Record<string, GoldenAttribute>>
  readonly inputs: readonly GoldenOpInput[]
  /** Those the function takes, in its order; their values are those of `goldenTensor(key, shape)`. */
  readonly parameters: readonly GoldenKey[]
  readonly output: { readonly shape: readonly number[]; readonly data: Float32Array }
}

/** A number, a truth, a name, or a list of numbers, one an axis (height first, but in `pad`). */
export type GoldenAttribute = number | boolean | string | readonly number[]

/** What an operation is applied to: `scale` times `goldenTensor(key, shape)`. */
export interface GoldenOpInput {
  readonly key: string
  readonly shape: readonly number[]
  /** A power of two, so that nothing is rounded. */
  readonly scale: number
  /** The values, in PyTorch's order of axes; made anew each time. */
  read(): Float32Array
}

interface PackedOp extends Omit<GoldenOp, 'inputs' | 'output'> {
  readonly inputs: readonly Omit<GoldenOpInput, 'read'>[]
  readonly output: { readonly shape: readonly number[]; readonly data: string }
}

const read = dataFile<readonly PackedOp[]>('ops')

const ops = once((): readonly GoldenOp[] =>
  read().map((op) => ({
    ...op,
    inputs: op.inputs.map((input) => ({
      ...input,
      read: () => goldenTensor(input.key, input.shape).map((value) => value * input.scale),
    })),
    output: { shape: op.output.shape, data: decodeFloats(op.output.data) },
  })),
)

/** What PyTorch answers for each operation, on small tensors of odd sizes. */
export function goldenOps(): readonly GoldenOp[] {
  return ops()
}
