/**
 * The transforms of Winograd's convolution, on four channels at once: Bᵀ·d·B of the input, Aᵀ·M·A of the products, for
 * F(4×4, 3×3) with the points 0, ±1, ±2 and F(2×2, 3×3) with 0, ±1 (Lavin and Gray 2016, section 4). F(3×3, 4×4) has the
 * points of the former, and so its input transform.
 */

import { activate, RELU } from './activation'
import { multiplyAdd, multiplySubtract, zero } from './simd'

// @ts-ignore: decorator
@inline
function constant(value: f32): v128 {
  return f32x4.splat(value)
}

/** Bᵀ·d for one column of six, to `to`, its values `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function b4(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, stride: usize): void {
  v128.store(to, multiplyAdd(d0, constant(4), multiplySubtract(d2, constant(5), d4)))
  const p = multiplySubtract(d2, constant(4), d4)
  const q = multiplySubtract(d1, constant(4), d3)
  v128.store(to + 1 * stride, f32x4.add(p, q))
  v128.store(to + 2 * stride, f32x4.sub(p, q))
  const r = f32x4.sub(d4, d2)
  const s = f32x4.sub(d3, d1)
  v128.store(to + 3 * stride, multiplyAdd(s, constant(2), r))
  v128.store(to + 4 * stride, multiplySubtract(s, constant(2), r))
  v128.store(to + 5 * stride, multiplyAdd(d1, constant(4), multiplySubtract(d3, constant(5), d5)))
}

/**
 * @param places - [36] u32, where the pixels of the 6×6 input are
 * @param between - [6][6] v128 of scratch
 * @param to - the first of 36 values, `plane` bytes apart
 */
export function inputTransform4(places: usize, offset: usize, between: usize, to: usize, plane: usize): void {
  for (let x: usize = 0; x < 6; ++x, places += 4) {
    b4(
      v128.load(<usize>load<u32>(places) + offset),
      v128.load(<usize>load<u32>(places, 24) + offset),
      v128.load(<usize>load<u32>(places, 48) + offset),
      v128.load(<usize>load<u32>(places, 72) + offset),
      v128.load(<usize>load<u32>(places, 96) + offset),
      v128.load(<usize>load<u32>(places, 120) + offset),
      between + (x << 4),
      96,
    )
  }
  for (let y = 0; y < 6; ++y, between += 96, to += 6 * plane) {
    b4(
      v128.load(between),
      v128.load(between, 16),
      v128.load(between, 32),
      v128.load(between, 48),
      v128.load(between, 64),
      v128.load(between, 80),
      to,
      plane,
    )
  }
}

/** Aᵀ·m for one column of six: rows 0 and 2, in terms of the sums; rows 1 and 3, of the differences. */
// @ts-ignore: decorator
@inline
function a4(row: i32, m0: v128, m5: v128, sum12: v128, sum34: v128, difference12: v128, difference34: v128): v128 {
  if (row == 0) return f32x4.add(f32x4.add(m0, sum12), sum34)
  if (row == 1) return multiplyAdd(difference34, constant(2), difference12)
  if (row == 2) return multiplyAdd(sum34, constant(4), sum12)
  return f32x4.add(multiplyAdd(difference34, constant(8), difference12), m5)
}

/** To `pixels` of the four pixels of a row of the tile. */
export function outputTransform4(
  from: usize,
  plane: usize,
  between: usize,
  bias: v128,
  to: usize,
  residual: usize,
  rowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  columns: i32,
  activation: i32,
): void {
  for (let x: usize = 0; x < 6; ++x, from += plane) {
    const m1 = v128.load(from + 6 * plane)
    const m2 = v128.load(from + 12 * plane)
    const m3 = v128.load(from + 18 * plane)
    const m4 = v128.load(from + 24 * plane)
    const sum12 = f32x4.add(m1, m2)
    const sum34 = f32x4.add(m3, m4)
    const difference12 = f32x4.sub(m1, m2)
    const difference34 = f32x4.sub(m3, m4)
    const m0 = v128.load(from)
    const m5 = v128.load(from + 30 * plane)
    const at = between + (x << 4)
    v128.store(at, a4(0, m0, m5, sum12, sum34, difference12, difference34))
    v128.store(at, a4(1, m0, m5, sum12, sum34, difference12, difference34), 96)
    v128.store(at, a4(2, m0, m5, sum12, sum34, difference12, difference34), 192)
    v128.store(at, a4(3, m0, m5, sum12, sum34, difference12, difference34), 288)
  }
  for (let y = 0; y < rows; ++y, between += 96) {
    const m0 = f32x4.add(v128.load(between), bias)
    const m1 = v128.load(between, 16)
    const m2 = v128.load(between, 32)
    const m3 = v128.load(between, 48)
    const m4 = v128.load(between, 64)
    const m5 = f32x4.add(v128.load(between, 80), bias)
    const sum12 = f32x4.add(m1, m2)
    const sum34 = f32x4.add(m3, m4)
    const difference12 = f32x4.sub(m1, m2)
    const difference34 = f32x4.sub(m3, m4)
    finish(a4(0, m0, m5, sum12, sum34, difference12, difference34), to, residual, activation)
    if (columns > 1) {
      const x1 = f32x4.add(a4(1, m0, m5, sum12, sum34, difference12, difference34), bias)
      finish(x1, to + pixelBytes, residual ? residual + pixelBytes : 0, activation)
    }
    if (columns > 2) {
      const x2 = f32x4.add(a4(2, m0, m5, sum12, sum34, difference12, difference34), bias)
      finish(x2, to + 2 * pixelBytes, residual ? residual + 2 * pixelBytes : 0, activation)
    }
    if (columns > 3) {
      const x3 = a4(3, m0, m5, sum12, sum34, difference12, difference34)
      finish(x3, to + 3 * pixelBytes, residual ? residual + 3 * pixelBytes : 0, activation)
    }
    to += rowBytes
    if (residual) residual += rowBytes
  }
}

/** Aᵀ·m for one column of six, where three pixels come of it: F(3×3, 4×4). */
// @ts-ignore: decorator
@inline
function a3(row: i32, m0: v128, m5: v128, sum12: v128, sum34: v128, difference12: v128, difference34: v128): v128 {
  if (row == 0) return f32x4.add(f32x4.add(m0, sum12), sum34)
  if (row == 1) return multiplyAdd(difference34, constant(2), difference12)
  return f32x4.add(multiplyAdd(sum34, constant(4), sum12), m5)
}

/** As `outputTransform4`, of 3×3 pixels, without a residual. */
export function outputTransform3(
  from: usize,
  plane: usize,
  between: usize,
  bias: v128,
  to: usize,
  rowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  columns: i32,
  activation: i32,
): void {
  for (let x: usize = 0; x < 6; ++x, from += plane) {
    const m1 = v128.load(from + 6 * plane)
    const m2 = v128.load(from + 12 * plane)
    const m3 = v128.load(from + 18 * plane)
    const m4 = v128.load(from + 24 * plane)
    const sum12 = f32x4.add(m1, m2)
    const sum34 = f32x4.add(m3, m4)
    const difference12 = f32x4.sub(m1, m2)
    const difference34 = f32x4.sub(m3, m4)
    const m0 = v128.load(from)
    const m5 = v128.load(from + 30 * plane)
    const at = between + (x << 4)
    v128.store(at, a3(0, m0, m5, sum12, sum34, difference12, difference34))
    v128.store(at, a3(1, m0, m5, sum12, sum34, difference12, difference34), 96)
    v128.store(at, a3(2, m0, m5, sum12, sum34, difference12, difference34), 192)
  }
  for (let y = 0; y < rows; ++y, between += 96) {
    const m0 = f32x4.add(v128.load(between), bias)
    const m1 = v128.load(between, 16)
    const m2 = v128.load(between, 32)
    const m3 = v128.load(between, 48)
    const m4 = v128.load(between, 64)
    const m5 = f32x4.add(v128.load(between, 80), bias)
    const sum12 = f32x4.add(m1, m2)
    const sum34 = f32x4.add(m3, m4)
    const difference12 = f32x4.sub(m1, m2)
    const difference34 = f32x4.sub(m3, m4)
    finish(a3(0, m0, m5, sum12, sum34, difference12, difference34), to, 0, activation)
    if (columns > 1) {
      const x1 = f32x4.add(a3(1, m0, m5, sum12, sum34, difference12, difference34), bias)
      finish(x1, to + pixelBytes, 0, activation)
    }
    if (columns > 2) {
      finish(a3(2, m0, m5, sum12, sum34, difference12, difference34), to + 2 * pixelBytes, 0, activation)
    }
    to += rowBytes
  }
}

/** Adds the residual, activates and stores. */
// @ts-ignore: decorator
@inline
function finish(x: v128, to: usize, residual: usize, activation: i32): void {
  const sum = residual ? f32x4.add(x, v128.load(residual)) : x
  v128.store(to, activation == RELU ? f32x4.max(sum, zero()) : activation ? activate(sum, activation) : sum)
}

/** Bᵀ·d for one column of four. */
// @ts-ignore: decorator
@inline
function b2(row: i32, d0: v128, d1: v128, d2: v128, d3: v128): v128 {
  if (row == 0) return f32x4.sub(d0, d2)
  if (row == 1) return f32x4.add(d1, d2)
  if (row == 2) return f32x4.sub(d2, d1)
  return f32x4.sub(d1, d3)
}

// @ts-ignore: decorator
@inline
function place(places: usize, offset: usize): v128 {
  return v128.load(<usize>load<u32>(places) + offset)
}

/** As `inputTransform4`, of a 4×4 input. */
export function inputTransform2(places: usize, offset: usize, to: usize, plane: usize): void {
  const d00 = place(places, offset)
  const d10 = place(places + 16, offset)
  const d20 = place(places + 32, offset)
  const d30 = place(places + 48, offset)
  const d01 = place(places + 4, offset)
  const d11 = place(places + 20, offset)
  const d21 = place(places + 36, offset)
  const d31 = place(places + 52, offset)
  const d02 = place(places + 8, offset)
  const d12 = place(places + 24, offset)
  const d22 = place(places + 40, offset)
  const d32 = place(places + 56, offset)
  const d03 = place(places + 12, offset)
  const d13 = place(places + 28, offset)
  const d23 = place(places + 44, offset)
  const d33 = place(places + 60, offset)
  const c00 = b2(0, d00, d10, d20, d30)
  const c01 = b2(0, d01, d11, d21, d31)
  const c02 = b2(0, d02, d12, d22, d32)
  const c03 = b2(0, d03, d13, d23, d33)
  v128.store(to, b2(0, c00, c01, c02, c03))
  v128.store(to + 1 * plane, b2(1, c00, c01, c02, c03))
  v128.store(to + 2 * plane, b2(2, c00, c01, c02, c03))
  v128.store(to + 3 * plane, b2(3, c00, c01, c02, c03))
  const c10 = b2(1, d00, d10, d20, d30)
  const c11 = b2(1, d01, d11, d21, d31)
  const c12 = b2(1, d02, d12, d22, d32)
  const c13 = b2(1, d03, d13, d23, d33)
  v128.store(to + 4 * plane, b2(0, c10, c11, c12, c13))
  v128.store(to + 5 * plane, b2(1, c10, c11, c12, c13))
  v128.store(to + 6 * plane, b2(2, c10, c11, c12, c13))
  v128.store(to + 7 * plane, b2(3, c10, c11, c12, c13))
  const c20 = b2(2, d00, d10, d20, d30)
  const c21 = b2(2, d01, d11, d21, d31)
  const c22 = b2(2, d02, d12, d22, d32)
  const c23 = b2(2, d03, d13, d23, d33)
  v128.store(to + 8 * plane, b2(0, c20, c21, c22, c23))
  v128.store(to + 9 * plane, b2(1, c20, c21, c22, c23))
  v128.store(to + 10 * plane, b2(2, c20, c21, c22, c23))
  v128.store(to + 11 * plane, b2(3, c20, c21, c22, c23))
  const c30 = b2(3, d00, d10, d20, d30)
  const c31 = b2(3, d01, d11, d21, d31)
  const c32 = b2(3, d02, d12, d22, d32)
  const c33 = b2(3, d03, d13, d23, d33)
  v128.store(to + 12 * plane, b2(0, c30, c31, c32, c33))
  v128.store(to + 13 * plane, b2(1, c30, c31, c32, c33))
  v128.store(to + 14 * plane, b2(2, c30, c31, c32, c33))
  v128.store(to + 15 * plane, b2(3, c30, c31, c32, c33))
}

/** Aᵀ·m for one column of four. */
// @ts-ignore: decorator
@inline
function a2(row: i32, m0: v128, m1: v128, m2: v128, m3: v128): v128 {
  if (row == 0) return f32x4.add(f32x4.add(m0, m1), m2)
  return f32x4.sub(f32x4.sub(m1, m2), m3)
}

/** As `outputTransform4`, of 2×2 pixels. */
export function outputTransform2(
  from: usize,
  plane: usize,
  bias: v128,
  to: usize,
  residual: usize,
  rowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  columns: i32,
  activation: i32,
): void {
  const m00 = v128.load(from)
  const m10 = v128.load(from + 4 * plane)
  const m20 = v128.load(from + 8 * plane)
  const m30 = v128.load(from + 12 * plane)
  const m01 = v128.load(from + 1 * plane)
  const m11 = v128.load(from + 5 * plane)
  const m21 = v128.load(from + 9 * plane)
  const m31 = v128.load(from + 13 * plane)
  const m02 = v128.load(from + 2 * plane)
  const m12 = v128.load(from + 6 * plane)
  const m22 = v128.load(from + 10 * plane)
  const m32 = v128.load(from + 14 * plane)
  const m03 = v128.load(from + 3 * plane)
  const m13 = v128.load(from + 7 * plane)
  const m23 = v128.load(from + 11 * plane)
  const m33 = v128.load(from + 15 * plane)
  const c00 = a2(0, m00, m10, m20, m30)
  const c01 = a2(0, m01, m11, m21, m31)
  const c02 = a2(0, m02, m12, m22, m32)
  const c03 = a2(0, m03, m13, m23, m33)
  finish(f32x4.add(a2(0, c00, c01, c02, c03), bias), to, residual, activation)
  if (columns > 1) {
    const x1 = f32x4.add(a2(1, c00, c01, c02, c03), bias)
    finish(x1, to + pixelBytes, residual ? residual + pixelBytes : 0, activation)
  }
  if (rows < 2) return
  to += rowBytes
  if (residual) residual += rowBytes
  const c10 = a2(1, m00, m10, m20, m30)
  const c11 = a2(1, m01, m11, m21, m31)
  const c12 = a2(1, m02, m12, m22, m32)
  const c13 = a2(1, m03, m13, m23, m33)
  finish(f32x4.add(a2(0, c10, c11, c12, c13), bias), to, residual, activation)
  if (columns > 1) {
    const x1 = f32x4.add(a2(1, c10, c11, c12, c13), bias)
    finish(x1, to + pixelBytes, residual ? residual + pixelBytes : 0, activation)
  }
}
