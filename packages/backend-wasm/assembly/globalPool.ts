/**
 * A whole map to one value a channel.
 *
 * Memory:
 *   input   [batch][pixels][channels] f32
 *   output  [batch][channels] f32, or twice the channels for CONCATENATED: means, then maxima
 *
 * An item is a block of channels of one image. Means are summed in f64.
 */

import { storePart } from './pool'
import { Op, take } from './work'

// @ts-ignore: decorator
@inline
export const AVERAGE: i32 = 0
// @ts-ignore: decorator
@inline
export const MAXIMUM: i32 = 1
/** Half the sum of both. */
// @ts-ignore: decorator
@inline
export const BOTH: i32 = 2
// @ts-ignore: decorator
@inline
export const CONCATENATED: i32 = 3

@unmanaged
export class GlobalPool extends Op {
  input: usize
  output: usize
  mode: i32
  pixels: i32
  channels: i32
  channelsPerItem: i32
}

export function computeGlobalPool(c: GlobalPool): void {
  const blocks = (c.channels + c.channelsPerItem - 1) / c.channelsPerItem
  const bytes = <usize>c.channels << 2
  let item: i32
  while ((item = take(c)) < c.items) {
    const image = c.input + <usize>(item / blocks) * <usize>c.pixels * bytes
    const to = c.output + <usize>(item / blocks) * (c.mode == CONCATENATED ? 2 * bytes : bytes)
    const first = <usize>((item % blocks) * c.channelsPerItem) << 2
    const last = min(first + (<usize>c.channelsPerItem << 2), bytes)
    for (let at = first; at < last; at += 16) poolVector(c, image + at, bytes, to + at, min<usize>(16, last - at))
  }
}

function poolVector(c: GlobalPool, from: usize, bytes: usize, to: usize, part: usize): void {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let greatest = f32x4.splat(-Infinity)
  for (let pixel = 0; pixel < c.pixels; ++pixel, from += bytes) {
    const x = v128.load(from)
    if (c.mode != MAXIMUM) {
      low = f64x2.add(low, f64x2.promote_low_f32x4(x))
      high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 0, 1)))
    }
    if (c.mode != AVERAGE) greatest = f32x4.max(greatest, x)
  }
  const count = f64x2.splat(<f64>c.pixels)
  const mean = i32x4.shuffle(
    f32x4.demote_f64x2_zero(f64x2.div(low, count)),
    f32x4.demote_f64x2_zero(f64x2.div(high, count)),
    0,
    1,
    4,
    5,
  )
  if (c.mode == MAXIMUM) return storePart(to, greatest, part)
  if (c.mode == BOTH) return storePart(to, f32x4.mul(f32x4.add(mean, greatest), f32x4.splat(0.5)), part)
  storePart(to, mean, part)
  if (c.mode == CONCATENATED) storePart(to + bytes, greatest, part)
}
