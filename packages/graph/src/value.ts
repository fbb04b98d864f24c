import type { DType } from './tensor.js'

/**
 * What is known of a value before any image size is: a feature map `[batch, height, width, channels]` (rank 4) or
 * a vector `[batch, channels]` (rank 2).
 */
export interface ValueType {
  /** What its elements are. */
  readonly dtype: DType
  /** 4 for a feature map, 2 for a vector. */
  readonly rank: 2 | 4
  /** The size of the last axis. */
  readonly channels: number
}

/** `[vertical, horizontal]`. */
export type Pair = readonly [vertical: number, horizontal: number]

/** Pixels added on each side, in the order of CSS. */
export type Padding = readonly [top: number, right: number, bottom: number, left: number]

export function featureMap(channels: number): ValueType {
  return { dtype: 'float32', rank: 4, channels }
}

export function vector(channels: number): ValueType {
  return { dtype: 'float32', rank: 2, channels }
}

/** A value type in words, for messages and for the printer: `[n, h, w, 64]`. */
export function describeType(type: ValueType): string {
  return type.rank === 4 ? `[n, h, w, ${type.channels}]` : `[n, ${type.channels}]`
}
