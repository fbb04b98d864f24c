/**
 * Weights in fixed point, 22 bits after the point, and sums of bytes times weights modulo 2³².
 *
 * A weight w is split as high · 2¹⁶ + low, both signed 16 bits: so that products and sums of two taps are one
 * instruction (`i32x4.dot_i16x8_s`), and Σ w·x = (Σ high·x) · 2¹⁶ + Σ low·x has all its bits.
 */

/**
 * What one position takes from its input; the next position's follows.
 *
 *   start  where its first neighbour is, in bytes
 *   pairs  of neighbours
 *   words  [pairs] { high, high, low, low } i16; zero past the last neighbour
 */
@unmanaged
export class Taps {
  start: u32
  pairs: i32
}

/** Where the words end, and the next position's taps begin. */
// @ts-ignore: decorator
@inline
export function endOf(taps: Taps): usize {
  return changetype<usize>(taps) + WORDS + (<usize>taps.pairs << 3)
}

/** Where the words are. */
// @ts-ignore: decorator
@inline
export const WORDS: usize = 8

/** `sum` and, lane by lane, two values times two weights. */
// @ts-ignore: decorator
@inline
export function add(sum: v128, values: v128, weights: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(values, weights))
}

/** The sums, rounded to whole numbers. */
// @ts-ignore: decorator
@inline
export function finish(high: v128, low: v128): v128 {
  const sum = i32x4.add(i32x4.add(i32x4.shl(high, 16), low), i32x4.splat(1 << 21))
  return i32x4.shr_s(sum, 22)
}
