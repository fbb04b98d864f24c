import { type Op, requireRank, requireWhole } from './op.js'

/** Group normalisation over height, width and the channels of a group, as `torch.nn.GroupNorm` (Wu and He 2018). */
export interface GroupNormAttributes {
  readonly channels: number
  readonly groups: number
  readonly epsilon: number
  /** Starts `weight` at zero, so that a residual block starts as the identity. */
  readonly zeroInit: boolean
}

export const groupNorm: Op<GroupNormAttributes> = {
  arity: [1, 1],
  type(inputs, { channels, groups, epsilon }, fail) {
    requireRank(4, inputs, fail)
    requireWhole('groups', [groups], 1, fail)
    if (inputs[0]!.channels !== channels) fail(`${channels} channels`, String(inputs[0]!.channels))
    if (channels % groups) fail(`channels that ${groups} groups divide`, String(channels))
    if (!(epsilon > 0)) fail('an epsilon above zero', String(epsilon))
    return inputs[0]!
  },
  shape: (inputs) => inputs[0]!,
  parameters: ({ channels, zeroInit }) => [
    { suffix: 'weight', shape: [channels], initial: zeroInit ? 'zeros' : 'ones', trainable: true },
    { suffix: 'bias', shape: [channels], initial: 'zeros', trainable: true },
  ],
  print: ({ channels, groups }) => `${channels} groups ${groups}`,
}
