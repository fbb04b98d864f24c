/**
 * Values that only change place: padding, slices, concatenation.
 *
 * Memory:
 *   input, output  [batch · height][width][channels] f32 each, `output` with strides of its own in bytes
 *
 * `Copy` takes every element (n, y, x, c) of a box; the input's strides select, the output's place. `Fill` clears.
 * `Reflect` reads beyond the edges as in a mirror.
 */

import { mirror } from './pool'
import { Op, take } from './work'

@unmanaged
export class Copy extends Op {
  input: usize
  output: usize
  height: i32
  width: i32
  channels: i32
  inImage: usize
  inRow: usize
  inPixel: usize
  inChannel: usize
  outImage: usize
  outRow: usize
  outPixel: usize
}

/** An item is a row. */
export function copyBox(c: Copy): void {
  let item: i32
  while ((item = take(c)) < c.items) {
    const image = <usize>(item / c.height)
    const y = <usize>(item % c.height)
    let from = c.input + image * c.inImage + y * c.inRow
    let to = c.output + image * c.outImage + y * c.outRow
    const bytes = <usize>c.channels << 2
    if (c.inChannel == 4 && c.inPixel == bytes && c.outPixel == bytes) {
      memory.copy(to, from, bytes * <usize>c.width)
      continue
    }
    for (let x = 0; x < c.width; ++x, from += c.inPixel, to += c.outPixel) {
      if (c.inChannel == 4) memory.copy(to, from, bytes)
      else for (let i = 0; i < c.channels; ++i) store<f32>(to + (<usize>i << 2), load<f32>(from + <usize>i * c.inChannel))
    }
  }
}

@unmanaged
export class Fill extends Op {
  output: usize
  bytes: usize
}

/** The only item is the whole. */
export function clear(c: Fill): void {
  if (take(c) == 0) memory.fill(c.output, 0, c.bytes)
}

@unmanaged
export class Reflect extends Op {
  input: usize
  output: usize
  height: i32
  width: i32
  outHeight: i32
  outWidth: i32
  top: i32
  left: i32
  pixelBytes: usize
}

/** An item is a row of the output. */
export function reflect(c: Reflect): void {
  let item: i32
  while ((item = take(c)) < c.items) {
    const y = mirror((item % c.outHeight) - c.top, c.height)
    const row = c.input + <usize>((item / c.outHeight) * c.height + y) * <usize>c.width * c.pixelBytes
    let to = c.output + <usize>item * <usize>c.outWidth * c.pixelBytes
    for (let x = 0; x < c.outWidth; ++x, to += c.pixelBytes) {
      memory.copy(to, row + <usize>mirror(x - c.left, c.width) * c.pixelBytes, c.pixelBytes)
    }
  }
}

@unmanaged
export class Phases extends Op {
  input: usize
  output: usize
  inHeight: i32
  inWidth: i32
  channels: i32
  outHeight: i32
  outWidth: i32
  top: i32
  left: i32
}

/**
 * Every second row and column, from the first and from the second, side by side: four times the channels, in the order
 * [row's phase][column's phase][channel]. Output pixel (y, x) holds the input from (2y − top, 2x − left) on; outside
 * the map there are zeros. An item is a row of the output.
 */
export function splitPhases(c: Phases): void {
  const pixelBytes = <usize>c.channels << 2
  let item: i32
  while ((item = take(c)) < c.items) {
    const y0 = (item % c.outHeight) * 2 - c.top
    const image = c.input + <usize>(item / c.outHeight) * <usize>(c.inHeight * c.inWidth) * pixelBytes
    let to = c.output + <usize>(item * c.outWidth) * 4 * pixelBytes
    for (let x = 0; x < c.outWidth; ++x) {
      const x0 = x * 2 - c.left
      for (let iy = y0; iy < y0 + 2; ++iy) {
        for (let ix = x0; ix < x0 + 2; ++ix, to += pixelBytes) {
          const inside = <u32>iy < <u32>c.inHeight && <u32>ix < <u32>c.inWidth
          const from = image + <usize>(iy * c.inWidth + ix) * pixelBytes
          for (let i: usize = 0; i < pixelBytes; i += 4) store<f32>(to + i, inside ? load<f32>(from + i) : 0)
        }
      }
    }
  }
}
