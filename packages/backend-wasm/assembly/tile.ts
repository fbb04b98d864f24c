/**
 * The register tile: up to six pixels by eight output channels, accumulated over every tap of a convolution.
 *
 * Memory:
 *   table    [taps][TILE_ROWS] u32   where the input of each pixel begins, for each tap
 *   weights  [taps · run][8] f32     the panel of eight output channels
 *   bias     [8] f32
 *   out      [rows][8] f32           rows `outStride` bytes apart
 *   residual [rows][8] f32           rows `residualStride` bytes apart; 0 if there is none
 *
 * 6 × 8 with relaxed SIMD: twelve accumulators, two weights and one input fill the fifteen registers that V8 has on
 * x86. A multiplication and an addition apart need more, so that plain SIMD takes 3 × 8: with 4 × 8, Node 20's compiler
 * runs out of registers.
 */

import { activateAll, RELU } from './activation'
import { multiplyAdd, RELAXED, zero } from './simd'

/** The most pixels in a tile. */
// @ts-ignore: decorator
@inline
export const TILE_ROWS: i32 = RELAXED ? 6 : 3

/** Output channels in a panel. */
// @ts-ignore: decorator
@inline
export const PANEL: i32 = 8

/** Bytes of a tile's row, and of a whole tile, that lie without gaps. */
// @ts-ignore: decorator
@inline
export const ROW_BYTES: usize = <usize>PANEL << 2
// @ts-ignore: decorator
@inline
export const TILE_BYTES: usize = ROW_BYTES * <usize>TILE_ROWS

/**
 * Computes one tile of `rows` pixels.
 *
 * @param offset - bytes from where the table points to the first channel of the group
 * @param run - contiguous input values at each tap
 */
export function computeTile(
  rows: i32,
  table: usize,
  taps: i32,
  run: i32,
  offset: usize,
  weights: usize,
  bias: usize,
  out: usize,
  outStride: usize,
  residual: usize,
  residualStride: usize,
  activation: i32,
): void {
  switch (rows) {
    case 1:
      tile(1, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
      break
    case 2:
      tile(2, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
      break
    case 3:
      tile(3, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
      break
    case 4:
      if (TILE_ROWS > 3) tile(4, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
      break
    case 5:
      if (TILE_ROWS > 3) tile(5, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
      break
    default:
      if (TILE_ROWS > 3) tile(6, table, taps, run, offset, weights, bias, out, outStride, residual, residualStride, activation)
  }
}

// @ts-ignore: decorator
@inline
function tile(
  rows: i32,
  table: usize,
  taps: i32,
  run: i32,
  offset: usize,
  weights: usize,
  bias: usize,
  out: usize,
  outStride: usize,
  residual: usize,
  residualStride: usize,
  activation: i32,
): void {
  let a0 = bias ? v128.load(bias) : zero()
  let b0 = bias ? v128.load(bias, 16) : zero()
  let a1 = a0
  let b1 = b0
  let a2 = a0
  let b2 = b0
  let a3 = a0
  let b3 = b0
  let a4 = a0
  let b4 = b0
  let a5 = a0
  let b5 = b0
  for (let tap = 0; tap < taps; ++tap) {
    let p0 = <usize>load<u32>(table) + offset
    let p1: usize = 0
    if (rows > 1) p1 = <usize>load<u32>(table, 4) + offset
    let p2: usize = 0
    if (rows > 2) p2 = <usize>load<u32>(table, 8) + offset
    let p3: usize = 0
    if (rows > 3) p3 = <usize>load<u32>(table, 12) + offset
    let p4: usize = 0
    if (rows > 4) p4 = <usize>load<u32>(table, 16) + offset
    let p5: usize = 0
    if (rows > 5) p5 = <usize>load<u32>(table, 20) + offset
    table += TILE_ROWS * 4
    const end = weights + (<usize>run << 5)
    // Not unrolled: the optimiser would move the loads of several steps together, more than there are registers for.
    while (weights < end) {
      const w0 = v128.load(weights)
      const w1 = v128.load(weights, 16)
      let x = v128.load_splat<f32>(p0)
      a0 = multiplyAdd(x, w0, a0)
      b0 = multiplyAdd(x, w1, b0)
      p0 += 4
      if (rows > 1) {
        x = v128.load_splat<f32>(p1)
        a1 = multiplyAdd(x, w0, a1)
        b1 = multiplyAdd(x, w1, b1)
        p1 += 4
      }
      if (rows > 2) {
        x = v128.load_splat<f32>(p2)
        a2 = multiplyAdd(x, w0, a2)
        b2 = multiplyAdd(x, w1, b2)
        p2 += 4
      }
      if (rows > 3) {
        x = v128.load_splat<f32>(p3)
        a3 = multiplyAdd(x, w0, a3)
        b3 = multiplyAdd(x, w1, b3)
        p3 += 4
      }
      if (rows > 4) {
        x = v128.load_splat<f32>(p4)
        a4 = multiplyAdd(x, w0, a4)
        b4 = multiplyAdd(x, w1, b4)
        p4 += 4
      }
      if (rows > 5) {
        x = v128.load_splat<f32>(p5)
        a5 = multiplyAdd(x, w0, a5)
        b5 = multiplyAdd(x, w1, b5)
        p5 += 4
      }
      weights += 32
    }
  }
  if (residual) {
    a0 = f32x4.add(a0, v128.load(residual))
    b0 = f32x4.add(b0, v128.load(residual, 16))
    if (rows > 1) {
      residual += residualStride
      a1 = f32x4.add(a1, v128.load(residual))
      b1 = f32x4.add(b1, v128.load(residual, 16))
    }
    if (rows > 2) {
      residual += residualStride
      a2 = f32x4.add(a2, v128.load(residual))
      b2 = f32x4.add(b2, v128.load(residual, 16))
    }
    if (rows > 3) {
      residual += residualStride
      a3 = f32x4.add(a3, v128.load(residual))
      b3 = f32x4.add(b3, v128.load(residual, 16))
    }
    if (rows > 4) {
      residual += residualStride
      a4 = f32x4.add(a4, v128.load(residual))
      b4 = f32x4.add(b4, v128.load(residual, 16))
    }
    if (rows > 5) {
      residual += residualStride
      a5 = f32x4.add(a5, v128.load(residual))
      b5 = f32x4.add(b5, v128.load(residual, 16))
    }
  }
  if (activation == RELU) {
    a0 = f32x4.max(a0, zero())
    b0 = f32x4.max(b0, zero())
    if (rows > 1) a1 = f32x4.max(a1, zero())
    if (rows > 1) b1 = f32x4.max(b1, zero())
    if (rows > 2) a2 = f32x4.max(a2, zero())
    if (rows > 2) b2 = f32x4.max(b2, zero())
    if (rows > 3) a3 = f32x4.max(a3, zero())
    if (rows > 3) b3 = f32x4.max(b3, zero())
    if (rows > 4) a4 = f32x4.max(a4, zero())
    if (rows > 4) b4 = f32x4.max(b4, zero())
    if (rows > 5) a5 = f32x4.max(a5, zero())
    if (rows > 5) b5 = f32x4.max(b5, zero())
  }
  let to = out
  v128.store(to, a0)
  v128.store(to, b0, 16)
  if (rows > 1) {
    to += outStride
    v128.store(to, a1)
    v128.store(to, b1, 16)
  }
  if (rows > 2) {
    to += outStride
    v128.store(to, a2)
    v128.store(to, b2, 16)
  }
  if (rows > 3) {
    to += outStride
    v128.store(to, a3)
    v128.store(to, b3, 16)
  }
  if (rows > 4) {
    to += outStride
    v128.store(to, a4)
    v128.store(to, b4, 16)
  }
  if (rows > 5) {
    to += outStride
    v128.store(to, a5)
    v128.store(to, b5, 16)
  }
  if (activation > RELU) activateAll(out, rows, PANEL, outStride, activation)
}

/** The most pixels in a tile, for those who lay out tables. */
export function tileRows(): i32 {
  return TILE_ROWS
}
