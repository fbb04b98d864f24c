import { describeValue } from '../describe.js'
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

/** Refuses all but one whole number from `least` up. */
export function requireWhole(name: string, value: number, least: number, fail: Fail): void {
  if (!isWhole(value, least)) fail(`${name} to be whole and at least ${least}`, describeValue(value))
}

/** Refuses all but `count` whole numbers from `least` up. */
export function requireWholes(name: string, values: readonly number[], count: number, least: number, fail: Fail): void {
  // Array.from, since `every` alone steps over holes.
  const fits = Array.isArray(values) && values.length === count && Array.from(values).every((v) => isWhole(v, least))
  if (!fits) fail(`${name} to be ${count} whole numbers of at least ${least}`, describeValue(values))
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least
}

/** Refuses all but true and false. */
export function requireBoolean(name: string, value: boolean, fail: Fail): void {
  if (typeof value !== 'boolean') fail(`${name} to be true or false`, describeValue(value))
}

/** Refuses what is not in a list. */
export function requireOneOf(values: readonly string[], value: string, fail: Fail): void {
  if (!values.includes(value)) fail(`one of ${values.join(', ')}`, describeValue(value))
}

/** Refuses inputs of another number of channels. */
export function requireChannels(channels: number, { channels: found }: ValueType, fail: Fail): void {
  if (found !== channels) fail(`${channels} channels`, String(found))
}

/** Refuses a normalisation's epsilon that is not a number above zero. */
export function requireEpsilon(epsilon: number, fail: Fail): void {
  if (!Number.isFinite(epsilon) || epsilon <= 0) fail('an epsilon above zero', describeValue(epsilon))
}

/** Refuses inputs of another rank. */
export function requireRank(rank: 2 | 4, inputs: readonly ValueType[], fail: Fail): void {
  for (const input of inputs) {
    if (input.rank !== rank) {
      fail(rank === 4 ? 'a feature map [n, h, w, c]' : 'a vector [n, c]', `a value of rank ${input.rank}`)
    }
  }
}

/** A normalisation's epsilon in words, if it is not PyTorch's default. */
export function printEpsilon(epsilon: number): string {
  return epsilon === 1e-5 ? '' : ` epsilon ${epsilon}`
}
