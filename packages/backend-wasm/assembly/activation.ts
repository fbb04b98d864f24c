/** Activations, by the numbers that the planner gives them. */

import { zero } from './simd'

// @ts-ignore: decorator
@inline
export const NONE: i32 = 0
// @ts-ignore: decorator
@inline
export const RELU: i32 = 1
// @ts-ignore: decorator
@inline
export const RELU6: i32 = 2
// @ts-ignore: decorator
@inline
export const LEAKY_RELU: i32 = 3
// @ts-ignore: decorator
@inline
export const SILU: i32 = 4
// @ts-ignore: decorator
@inline
export const SIGMOID: i32 = 5

/** Applies an activation in place to `rows` rows of `count` values, `count` a multiple of four, `stride` bytes apart. */
export function activateAll(at: usize, rows: i32, count: i32, stride: usize, activation: i32): void {
  for (let row = 0; row < rows; ++row, at += stride) {
    const end = at + (<usize>count << 2)
    for (let p = at; p < end; p += 16) v128.store(p, activate(v128.load(p), activation))
  }
}

/** One vector, activated. */
export function activate(x: v128, activation: i32): v128 {
  switch (activation) {
    case RELU:
      return f32x4.max(x, zero())
    case RELU6:
      return f32x4.min(f32x4.max(x, zero()), f32x4.splat(6))
    case LEAKY_RELU:
      return v128.bitselect(f32x4.mul(x, f32x4.splat(0.01)), x, f32x4.lt(x, zero()))
    case SILU:
      return f32x4.div(x, f32x4.add(f32x4.splat(1), exponential(f32x4.neg(x))))
    case SIGMOID:
      return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential(f32x4.neg(x))))
    default:
      return x
  }
}

/**
 * e^x to about 1e-7 of the value: 2^n · e^r with x = n·ln 2 + r, |r| ≤ ln 2 / 2, and the Taylor series of e^r. Below
 * −87.3 it is 0 to f32's normal numbers, above 88.7 infinite.
 */
export function exponential(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(89)), f32x4.splat(-88))
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)))
  // ln 2 in two parts, so that n·ln 2 is taken off without loss.
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let p = f32x4.splat(1.0 / 5040.0)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720.0))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120.0))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24.0))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6.0))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1))
  // 2^n by two factors, since n may be 128, which has no exponent of its own.
  const whole = i32x4.trunc_sat_f32x4_s(n)
  const half = i32x4.shr_s(whole, 1)
  const low = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23)
  const high = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23)
  return f32x4.mul(f32x4.mul(p, low), high)
}
