import type { Op } from './op.js'

/** The softmax over the channels. */
export type SoftmaxAttributes = Record<string, never>

export const softmax: Op<SoftmaxAttributes> = {
  arity: [1, 1],
  type: (inputs) => inputs[0]!,
  shape: (inputs) => inputs[0]!,
  print: () => '',
}
