import {
  type Op,
  printEpsilon,
  requireBoolean,
  requireChannels,
  requireEpsilon,
  requireRank,
  requireWhole,
} from './op.js'

/** Group normalisation over height, width and the channels of a group, as `torch.nn.GroupNorm` (Wu and He 2018). */
export interface GroupNormAttributes {
  /** Those of the input, which `groups` divides. */
  readonly channels: number
  /** How many parts the channels fall into. */
  readonly groups: number
  /** Added to the variance under the root. */
  readonly epsilon: number
  /** Starts `weight` at zero, so that a residual block starts as the identity. */
  readonly zeroInit: boolean
}

export const groupNorm: Op<GroupNormAttributes> = {
  arity: [1, 1],
  type(inputs, { channels, groups, epsilon, zeroInit }, fail) {
    requireRank(4, inputs, fail)
    requireChannels(channels, inputs[0]!, fail)
    requireWhole('groups', groups, 1, fail)
    if (channels % groups) fail(`channels that ${groups} groups divide`, String(channels))
    requireEpsilon(epsilon, fail)
    requireBoolean('zeroInit', zeroInit, fail)
    return inputs[0]!
  },
  shape: (inputs) => inputs[0]!,
  parameters: ({ channels, zeroInit }) => [
    { suffix: 'weight', shape: [channels], initial: zeroInit ? 'zeros' : 'ones', trainable: true },
    { suffix: 'bias', shape: [channels], initial: 'zeros', trainable: true },
  ],
  print: ({ channels, groups, epsilon }) => `${channels} groups ${groups}${printEpsilon(epsilon)}`,
}
