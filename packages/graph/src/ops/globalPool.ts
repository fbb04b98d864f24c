import { featureMap, vector } from '../value.js'
import { type Op, requireBoolean, requireOneOf, requireRank } from './op.js'

/**
 * A whole map to one value a channel, as timm's `SelectAdaptivePool2d`: `avg`, `max`, `avgmax` (half the sum of
 * both), `catavgmax` (both, averages first, twice the channels).
 */
export type GlobalPoolKind = (typeof globalPoolKinds)[number]

/** All global poolings there are. */
export const globalPoolKinds = ['avg', 'max', 'avgmax', 'catavgmax'] as const

/** How a whole map is pooled. */
export interface GlobalPoolAttributes {
  /** What is taken of each channel. */
  readonly kind: GlobalPoolKind
  /** Yields `[n, 1, 1, c]`, for gates, instead of `[n, c]`. */
  readonly keepDimensions: boolean
}

export const globalPool: Op<GlobalPoolAttributes> = {
  arity: [1, 1],
  type(inputs, { kind, keepDimensions }, fail) {
    requireRank(4, inputs, fail)
    requireOneOf(globalPoolKinds, kind, fail)
    requireBoolean('keepDimensions', keepDimensions, fail)
    const channels = inputs[0]!.channels * (kind === 'catavgmax' ? 2 : 1)
    return keepDimensions ? featureMap(channels) : vector(channels)
  },
  shape([map], { kind, keepDimensions }) {
    const channels = map![3]! * (kind === 'catavgmax' ? 2 : 1)
    return keepDimensions ? [map![0]!, 1, 1, channels] : [map![0]!, channels]
  },
  print: ({ kind }) => kind,
}
