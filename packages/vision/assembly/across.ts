/**
 * The horizontal pass: every row's pixels, weighted. Four rows go together, so that weights are loaded once for all.
 *
 * Memory:
 *   source   [rows][sourceStride] u8, RGB; a row begins with the first pixel that any column takes. Past the last, 16 bytes more
 *   columns  as weights.ts says
 *   target   [rows][targetStride] u8, RGB; a row has room for one byte more than its pixels
 *
 * `rows` is a multiple of four, and so are the neighbours of a column.
 */

import { add, endOf, finish, Taps, WORDS } from './weights'

/** Takes pixels 0 and 1 of four RGB pixels as 16-bit pairs: red, green, blue, nothing. */
// @ts-ignore: decorator
@inline
function firstPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
}

/** Pixels 2 and 3. */
// @ts-ignore: decorator
@inline
function secondPair(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1))
}

export function resampleRows(
  source: usize,
  sourceStride: usize,
  rows: i32,
  columns: Taps,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  for (let row = 0; row < rows; row += 4) {
    resampleFour(source, sourceStride, columns, count, target, targetStride)
    source += sourceStride << 2
    target += targetStride << 2
  }
}

function resampleFour(
  source: usize,
  sourceStride: usize,
  columns: Taps,
  count: i32,
  target: usize,
  targetStride: usize,
): void {
  let taps = columns
  for (let i = 0; i < count; ++i) {
    let p0 = source + taps.start
    let p1 = p0 + sourceStride
    let p2 = p1 + sourceStride
    let p3 = p2 + sourceStride
    let high0 = i32x4.splat(0)
    let high1 = high0
    let high2 = high0
    let high3 = high0
    let low0 = high0
    let low1 = high0
    let low2 = high0
    let low3 = high0
    let words = changetype<usize>(taps) + WORDS
    const end = endOf(taps)
    while (words < end) {
      const highFirst = v128.load32_splat(words)
      const lowFirst = v128.load32_splat(words, 4)
      const highSecond = v128.load32_splat(words, 8)
      const lowSecond = v128.load32_splat(words, 12)
      const x0 = v128.load(p0)
      const x1 = v128.load(p1)
      const x2 = v128.load(p2)
      const x3 = v128.load(p3)
      high0 = add(add(high0, firstPair(x0), highFirst), secondPair(x0), highSecond)
      low0 = add(add(low0, firstPair(x0), lowFirst), secondPair(x0), lowSecond)
      high1 = add(add(high1, firstPair(x1), highFirst), secondPair(x1), highSecond)
      low1 = add(add(low1, firstPair(x1), lowFirst), secondPair(x1), lowSecond)
      high2 = add(add(high2, firstPair(x2), highFirst), secondPair(x2), highSecond)
      low2 = add(add(low2, firstPair(x2), lowFirst), secondPair(x2), lowSecond)
      high3 = add(add(high3, firstPair(x3), highFirst), secondPair(x3), highSecond)
      low3 = add(add(low3, firstPair(x3), lowFirst), secondPair(x3), lowSecond)
      words += 16
      p0 += 12
      p1 += 12
      p2 += 12
      p3 += 12
    }
    const pixels = i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(finish(high0, low0), finish(high1, low1)),
      i16x8.narrow_i32x4_s(finish(high2, low2), finish(high3, low3)),
    )
    // The fourth byte is written over by the next pixel.
    v128.store32_lane(target, pixels, 0)
    v128.store32_lane(target + targetStride, pixels, 1)
    v128.store32_lane(target + 2 * targetStride, pixels, 2)
    v128.store32_lane(target + 3 * targetStride, pixels, 3)
    target += 3
    taps = changetype<Taps>(end)
  }
}
