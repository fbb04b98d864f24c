import { dataFile, decodeFloats, once } from './read.js'
import type { GoldenKey } from './values.js'

/** One operation, what it is given and what PyTorch answers. Everything is in PyTorch's order of axes. */
export interface GoldenOp {
  /** Unique, such as `conv2d groups 2`. */
  readonly name: string
  /** PyTorch's name of the function, such as `conv2d`. */
  readonly op: string
  /** The function's arguments other than tensors, by PyTorch's names, with no default left out. */
  readonly attributes: Readonly<Record<string, GoldenAttribute>>
  /** The values of each are those of `goldenTensor(key, shape)`. */
  readonly inputs: readonly GoldenKey[]
  readonly parameters: readonly GoldenKey[]
  readonly output: { readonly shape: readonly number[]; readonly data: Float32Array }
}

/** A number, a truth, a name, or a list of numbers, one an axis. */
export type GoldenAttribute = number | boolean | string | readonly number[]

interface PackedOp extends Omit<GoldenOp, 'output'> {
  readonly output: { readonly shape: readonly number[]; readonly data: string }
}

const read = dataFile<readonly PackedOp[]>('ops')

const ops = once((): readonly GoldenOp[] =>
  read().map((op) => ({ ...op, output: { shape: op.output.shape, data: decodeFloats(op.output.data) } })),
)

/** What PyTorch answers for each operation, on small tensors of odd sizes. */
export function goldenOps(): readonly GoldenOp[] {
  return ops()
}
