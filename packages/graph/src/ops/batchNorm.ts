import { type Op, printEpsilon, requireBoolean, requireChannels, requireEpsilon, requireRank } from './op.js'

/**
 * Batch normalisation with running statistics, `(x − running_mean) / √(running_var + epsilon) · weight + bias` a
 * channel, as `torch.nn.BatchNorm2d` in evaluation.
 */
export interface BatchNormAttributes {
  /** Those of the input, and the length of each parameter. */
  readonly channels: number
  /** Added to the variance under the root. */
  readonly epsilon: number
  /** Starts `weight` at zero, so that a residual block starts as the identity (Goyal et al. 2017). */
  readonly zeroInit: boolean
}

export const batchNorm: Op<BatchNormAttributes> = {
  arity: [1, 1],
  type(inputs, { channels, epsilon, zeroInit }, fail) {
    requireRank(4, inputs, fail)
    requireChannels(channels, inputs[0]!, fail)
    requireEpsilon(epsilon, fail)
    requireBoolean('zeroInit', zeroInit, fail)
    return inputs[0]!
  },
  shape: (inputs) => inputs[0]!,
  parameters: ({ channels, zeroInit }) => [
    { suffix: 'weight', shape: [channels], initial: zeroInit ? 'zeros' : 'ones', trainable: true },
    { suffix: 'bias', shape: [channels], initial: 'zeros', trainable: true },
    { suffix: 'running_mean', shape: [channels], initial: 'zeros', trainable: false },
    { suffix: 'running_var', shape: [channels], initial: 'ones', trainable: false },
  ],
  print: ({ channels, epsilon }) => `${channels}${printEpsilon(epsilon)}`,
}
