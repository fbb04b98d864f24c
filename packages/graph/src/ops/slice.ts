import { describeValue, isRecord } from '../describe.js'
import { featureMap } from '../value.js'
import { type Fail, type Op, requireRank, requireWhole } from './op.js'

/**
 * Every `step`-th index from `start` up to, not including, `stop`, as a slice in Python: negative numbers count
 * from the end, `null` is the end itself.
 */
export interface Range {
  /** The first index. */
  readonly start: number
  /** The index before which it ends. */
  readonly stop: number | null
  /** The distance of two indices, at least 1. */
  readonly step: number
}

/** A part of a map, as `x[:, rows, columns, channels]`. */
export interface SliceAttributes {
  /** Of the height. */
  readonly rows: Range
  /** Of the width. */
  readonly columns: Range
  /** Of the last axis. */
  readonly channels: Range
}

/** The whole of an axis. */
export const whole: Range = { start: 0, stop: null, step: 1 }

/** Where a range starts and how many indices it has on an axis of this size. */
export function resolveRange(
  { start, stop, step }: Range,
  size: number,
): {
  /** The first index, from 0. */
  start: number
  /** How many indices; 0 where the range is empty. */
  count: number
} {
  const clamp = (index: number) => Math.min(Math.max(index < 0 ? index + size : index, 0), size)
  const first = clamp(start)
  const last = clamp(stop ?? size)
  return { start: first, count: Math.max(0, Math.ceil((last - first) / step)) }
}

export const slice: Op<SliceAttributes> = {
  arity: [1, 1],
  type(inputs, { rows, columns, channels }, fail) {
    requireRank(4, inputs, fail)
    for (const range of [rows, columns, channels]) requireRange(range, fail)
    const { count } = resolveRange(channels, inputs[0]!.channels)
    if (count === 0) fail('at least one channel', printRange(channels))
    return featureMap(count)
  },
  shape([map], { rows, columns, channels }, fail) {
    const ranges = [rows, columns, channels].map((range, axis) => resolveRange(range, map![axis + 1]!).count)
    if (ranges.includes(0)) fail('at least one element on each axis', `[${ranges.join(', ')}]`)
    return [map![0]!, ...ranges]
  },
  print({ rows, columns, channels }) {
    return `[:, ${[rows, columns, channels].map(printRange).join(', ')}]`
  },
}

function requireRange(range: Range, fail: Fail): void {
  if (!isRecord(range)) fail('a range of each axis', describeValue(range))
  const { start, stop, step } = range
  requireWhole('step', step, 1, fail)
  if (![start, stop ?? 0].every(Number.isSafeInteger)) {
    fail('start and stop to be whole', describeValue([start, stop]))
  }
}

function printRange({ start, stop, step }: Range): string {
  return `${start || ''}:${stop ?? ''}${step === 1 ? '' : `:${step}`}`
}
