import { describeValue } from '../describe.js'
import type { Op } from './op.js'

/** Drops single elements while training; the identity when a network is used. */
export interface DropoutAttributes {
  /** The probability that an element is dropped, in [0, 1). */
  readonly rate: number
}

export const dropout: Op<DropoutAttributes> = {
  arity: [1, 1],
  type(inputs, { rate }, fail) {
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) fail('a rate in [0, 1)', describeValue(rate))
    return inputs[0]!
  },
  shape: (inputs) => inputs[0]!,
  print: ({ rate }) => `rate ${rate}`,
}
