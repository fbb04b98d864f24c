/**
 * Sliding windows over each channel: the maximum, the mean, or a blur with a fixed filter.
 *
 * Memory:
 *   input   [batch][inHeight][inWidth][channels] f32
 *   output  [rows = batch · outHeight][outWidth][channels] f32
 *   filter  [kernelHeight][kernelWidth] f32 for a blur, else 0
 *
 * Past the edges there is nothing for a maximum, zeros for a mean, the mirrored map for a blur. An item is a row.
 */

import { Op, take } from './work'

// @ts-ignore: decorator
@inline
export const MAXIMUM: i32 = 0
// @ts-ignore: decorator
@inline
export const MEAN: i32 = 1
// @ts-ignore: decorator
@inline
export const BLUR: i32 = 2

@unmanaged
export class Pool extends Op {
  input: usize
  output: usize
  filter: usize
  mode: i32
  inHeight: i32
  inWidth: i32
  channels: i32
  outHeight: i32
  outWidth: i32
  kernelHeight: i32
  kernelWidth: i32
  strideY: i32
  strideX: i32
  top: i32
  right: i32
  bottom: i32
  left: i32
  countPadding: i32
}

export function computePool(c: Pool): void {
  let row: i32
  while ((row = take(c)) < c.items) {
    const y0 = (row % c.outHeight) * c.strideY - c.top
    const image = c.input + ((<usize>(row / c.outHeight) * <usize>(c.inHeight * c.inWidth * c.channels)) << 2)
    let to = c.output + (<usize>(row * c.outWidth * c.channels) << 2)
    for (let x = 0; x < c.outWidth; ++x) {
      const x0 = x * c.strideX - c.left
      if (c.mode == BLUR) blurPixel(c, image, y0, x0, to)
      else reducePixel(c, image, y0, x0, to)
      to += <usize>c.channels << 2
    }
  }
}

function reducePixel(c: Pool, image: usize, y0: i32, x0: i32, to: usize): void {
  const firstY = max(y0, 0)
  const firstX = max(x0, 0)
  const lastY = min(y0 + c.kernelHeight, c.inHeight)
  const lastX = min(x0 + c.kernelWidth, c.inWidth)
  // A window that ceil mode lets reach past the padding counts none of what lies there.
  const height = c.countPadding ? min(y0 + c.kernelHeight, c.inHeight + c.bottom) - y0 : lastY - firstY
  const width = c.countPadding ? min(x0 + c.kernelWidth, c.inWidth + c.right) - x0 : lastX - firstX
  const bytes = <usize>c.channels << 2
  const rowBytes = <usize>c.inWidth * bytes
  const from = image + <usize>firstY * rowBytes + <usize>firstX * bytes
  const rows = lastY - firstY
  const columns = lastX - firstX
  if (c.mode == MEAN) reduce(true, from, rowBytes, bytes, rows, columns, to, <f32>(height * width))
  else reduce(false, from, rowBytes, bytes, rows, columns, to, 1)
}

/** Sixteen channels at a time, then four, then what is left. */
// @ts-ignore: decorator
@inline
function reduce(
  mean: bool,
  from: usize,
  rowBytes: usize,
  bytes: usize,
  rows: i32,
  columns: i32,
  to: usize,
  divisor: f32,
): void {
  const start = f32x4.splat(mean ? 0 : -Infinity)
  const count = f32x4.splat(divisor)
  let at: usize = 0
  for (; at + 64 <= bytes; at += 64) {
    let a = start
    let b = start
    let c = start
    let d = start
    let line = from + at
    for (let y = 0; y < rows; ++y, line += rowBytes) {
      let p = line
      for (let x = 0; x < columns; ++x, p += bytes) {
        a = joined(mean, a, v128.load(p))
        b = joined(mean, b, v128.load(p, 16))
        c = joined(mean, c, v128.load(p, 32))
        d = joined(mean, d, v128.load(p, 48))
      }
    }
    v128.store(to + at, mean ? f32x4.div(a, count) : a)
    v128.store(to + at, mean ? f32x4.div(b, count) : b, 16)
    v128.store(to + at, mean ? f32x4.div(c, count) : c, 32)
    v128.store(to + at, mean ? f32x4.div(d, count) : d, 48)
  }
  for (; at < bytes; at += 16) {
    let a = start
    let line = from + at
    for (let y = 0; y < rows; ++y, line += rowBytes) {
      let p = line
      for (let x = 0; x < columns; ++x, p += bytes) a = joined(mean, a, v128.load(p))
    }
    storePart(to + at, mean ? f32x4.div(a, count) : a, min<usize>(16, bytes - at))
  }
}

// @ts-ignore: decorator
@inline
function joined(mean: bool, a: v128, b: v128): v128 {
  return mean ? f32x4.add(a, b) : f32x4.max(a, b)
}

function blurPixel(c: Pool, image: usize, y0: i32, x0: i32, to: usize): void {
  const bytes = <usize>c.channels << 2
  const rowBytes = <usize>c.inWidth * bytes
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0)
    let weight = c.filter
    for (let ky = 0; ky < c.kernelHeight; ++ky) {
      const line = image + <usize>mirror(y0 + ky, c.inHeight) * rowBytes + at
      for (let kx = 0; kx < c.kernelWidth; ++kx, weight += 4) {
        const value = v128.load(line + <usize>mirror(x0 + kx, c.inWidth) * bytes)
        sum = f32x4.add(sum, f32x4.mul(value, v128.load_splat<f32>(weight)))
      }
    }
    storePart(to + at, sum, at + 16 <= bytes ? 16 : bytes - at)
  }
}

/** An index past either end, reflected without repeating the edge. */
// @ts-ignore: decorator
@inline
export function mirror(index: i32, size: i32): i32 {
  if (index < 0) return -index
  return index < size ? index : 2 * size - 2 - index
}

/** The first bytes of a vector. */
export function storePart(to: usize, x: v128, bytes: usize): void {
  if (bytes == 16) return v128.store(to, x)
  store<f32>(to, f32x4.extract_lane(x, 0))
  if (bytes > 4) store<f32>(to, f32x4.extract_lane(x, 1), 4)
  if (bytes > 8) store<f32>(to, f32x4.extract_lane(x, 2), 8)
}
