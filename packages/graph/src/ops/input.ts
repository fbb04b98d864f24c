import { describeValue } from '../describe.js'
import { featureMap, vector } from '../value.js'
import { type Op, requireWhole } from './op.js'

/** A value that the caller gives to `session.run`, under the node's name. */
export interface InputAttributes {
  /** 4 for images and feature maps `[n, h, w, c]`, 2 for vectors `[n, c]`. */
  readonly rank: 2 | 4
  /** The size of the last axis. */
  readonly channels: number
}

export const input: Op<InputAttributes> = {
  arity: [0, 0],
  type(_inputs, { rank, channels }, fail) {
    if (rank !== 2 && rank !== 4) fail('rank 2 or 4', describeValue(rank))
    requireWhole('channels', channels, 1, fail)
    return rank === 4 ? featureMap(channels) : vector(channels)
  },
  shape: (_inputs, _attributes, fail) => fail('its shape from the caller', 'none'),
  print: ({ rank, channels }) => (rank === 4 ? `[n, h, w, ${channels}]` : `[n, ${channels}]`),
}
