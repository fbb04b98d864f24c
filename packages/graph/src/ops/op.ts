import type { Shape } from '../tensor.js'
import type { ValueType } from '../value.js'

/** How a fresh parameter is drawn; `initialise` of the zoo carries it out. */
export type Initial = 'kaimingNormalFanOut' | 'kaimingUniform' | 'fanInUniform' | 'ones' | 'zeros'

/** A parameter that an op owns, in the order in which PyTorch registers them. */
export interface OpParameter {
  /** What follows the node's name in the checkpoint key: `weight`, `running_mean`. */
  readonly suffix: string
  /** PyTorch's shape: OIHW for convolutions, `[out, in]` for linear layers. */
  readonly shape: Shape
  readonly initial: Initial
  /** False for running statistics, which PyTorch calls buffers; they do not count as parameters. */
  readonly trainable: boolean
}

/** Raises an error that names the node: `fail('two inputs', '3')`. */
export type Fail = (expected: string, found: string, advice?: string) => never

/**
 * The meaning of one op, but for its arithmetic, which backend-reference defines. A file of `ops/` holds one: its
 * attributes, its documentation, and these rules. (Training adds each op's gradient to its file.)
 */
export interface Op<Attributes> {
  /** The least and the greatest number of inputs. */
  readonly arity: readonly [least: number, most: number]
  /** The channel rule, known when the graph is built. Also refuses attributes that cannot be. */
  type(inputs: readonly ValueType[], attributes: Attributes, fail: Fail): ValueType
  /** The shape rule, known when the image size is. */
  shape(inputs: readonly Shape[], attributes: Attributes, fail: Fail): Shape
  /** The parameters that a node of this op owns; none if left out. */
  parameters?(attributes: Attributes): readonly OpParameter[]
  /** Multiply-accumulates for these shapes; none if left out. */
  macs?(output: Shape, attributes: Attributes): number
  /** The attributes in words, for the printer. */
  print(attributes: Attributes): string
}

/** Refuses all but whole numbers from `least` up. */
export function requireWhole(name: string, values: readonly number[], least: number, fail: Fail): void {
  for (const value of values) {
    if (!Number.isInteger(value) || value < least) fail(`${name} to be whole and at least ${least}`, String(values))
  }
}

/** Refuses inputs of another rank. */
export function requireRank(rank: 2 | 4, inputs: readonly ValueType[], fail: Fail): void {
  for (const input of inputs) {
    if (input.rank !== rank) {
      fail(rank === 4 ? 'a feature map [n, h, w, c]' : 'a vector [n, c]', `a value of rank ${input.rank}`)
    }
  }
}
