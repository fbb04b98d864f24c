/**
 * The vertical pass: rows, weighted. Sixteen bytes of a row at a time, whatever they are.
 *
 * Memory:
 *   source  [..][stride] u8; the first is the first row that any position takes. Past the last, one row and 16 bytes more
 *   rows    as weights.ts says: a start is in bytes
 *   target  [count][width] u8. Past the last, 15 bytes more
 */

import { add, endOf, finish, Taps, WORDS } from './weights'

/** @returns the taps of the next position */
export function resampleColumns(
  source: usize,
  stride: usize,
  rows: Taps,
  count: i32,
  target: usize,
  width: i32,
): usize {
  let taps = rows
  for (let i = 0; i < count; ++i) {
    const words = changetype<usize>(taps) + WORDS
    const end = endOf(taps)
    for (let x = 0; x < width; x += 16) {
      // What is written past the end of a row is written over by the next row.
      v128.store(target + x, column(source + taps.start + x, stride, words, end))
    }
    target += width
    taps = changetype<Taps>(end)
  }
  return changetype<usize>(taps)
}

// @ts-ignore: decorator
@inline
function column(from: usize, stride: usize, words: usize, end: usize): v128 {
  let high0 = i32x4.splat(0)
  let high1 = high0
  let high2 = high0
  let high3 = high0
  let low0 = high0
  let low1 = high0
  let low2 = high0
  let low3 = high0
  while (words < end) {
    const high = v128.load32_splat(words)
    const low = v128.load32_splat(words, 4)
    const upper = v128.load(from)
    const lower = v128.load(from + stride)
    const first = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    const second = i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    const x0 = i16x8.extend_low_i8x16_u(first)
    const x1 = i16x8.extend_high_i8x16_u(first)
    const x2 = i16x8.extend_low_i8x16_u(second)
    const x3 = i16x8.extend_high_i8x16_u(second)
    high0 = add(high0, x0, high)
    low0 = add(low0, x0, low)
    high1 = add(high1, x1, high)
    low1 = add(low1, x1, low)
    high2 = add(high2, x2, high)
    low2 = add(low2, x2, low)
    high3 = add(high3, x3, high)
    low3 = add(low3, x3, low)
    words += 8
    from += stride << 1
  }
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(finish(high0, low0), finish(high1, low1)),
    i16x8.narrow_i32x4_s(finish(high2, low2), finish(high3, low3)),
  )
}
