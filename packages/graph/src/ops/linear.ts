import { sizeOf } from '../tensor.js'
import { vector } from '../value.js'
import { type Op, type OpParameter, requireBoolean, requireChannels, requireRank, requireWhole } from './op.js'

/** `x · weightᵀ + bias`, `[n, in] → [n, out]`, as `torch.nn.Linear`: `weight` `[out, in]`, `bias` `[out]`. */
export interface LinearAttributes {
  /** The length of each input. */
  readonly inChannels: number
  /** The length of each output. */
  readonly outChannels: number
  /** Whether a number a channel is added. */
  readonly bias: boolean
}

export const linear: Op<LinearAttributes> = {
  arity: [1, 1],
  type(inputs, { inChannels, outChannels, bias }, fail) {
    requireRank(2, inputs, fail)
    requireChannels(inChannels, inputs[0]!, fail)
    requireWhole('channels', outChannels, 1, fail)
    requireBoolean('bias', bias, fail)
    return vector(outChannels)
  },
  shape: ([x], { outChannels }) => [x![0]!, outChannels],
  parameters({ inChannels, outChannels, bias }) {
    const weight: OpParameter = {
      suffix: 'weight',
      shape: [outChannels, inChannels],
      initial: 'kaimingUniform',
      trainable: true,
    }
    return bias
      ? [weight, { suffix: 'bias', shape: [outChannels], initial: 'fanInUniform', trainable: true }]
      : [weight]
  },
  macs: (output, { inChannels }) => sizeOf(output) * inChannels,
  print: ({ inChannels, outChannels, bias }) => `${inChannels} → ${outChannels}${bias ? ' + bias' : ''}`,
}
