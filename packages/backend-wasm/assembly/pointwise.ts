/**
 * What happens value by value: activation((x · scale + shift) · gate · factor + addend), each part if it is there.
 * Batch normalisation that no convolution took up, gates, shortcuts and activations.
 *
 * Memory:
 *   input, output            [pixels][channels] f32; they may be the same
 *   scale, shift             [channels] f32, or both 0
 *   gate                     [pixels / pixelsPerImage][channels] f32, or 0
 *   factor, addend           as input, or 0
 *
 * An item is a block of pixels.
 */

import { activate } from './activation'
import { Op, take } from './work'

@unmanaged
export class Pointwise extends Op {
  input: usize
  output: usize
  scale: usize
  shift: usize
  gate: usize
  factor: usize
  addend: usize
  pixels: i32
  pixelsPerImage: i32
  pixelsPerItem: i32
  channels: i32
  activation: i32
}

export function computePointwise(c: Pointwise): void {
  const bytes = <usize>c.channels << 2
  let item: i32
  while ((item = take(c)) < c.items) {
    const first = item * c.pixelsPerItem
    const last = min(first + c.pixelsPerItem, c.pixels)
    for (let pixel = first; pixel < last; ++pixel) {
      const row = <usize>pixel * bytes
      const gate = c.gate ? c.gate + <usize>(pixel / c.pixelsPerImage) * bytes : 0
      for (let at: usize = 0; at < (bytes & ~15); at += 16) v128.store(c.output + row + at, vectorAt(c, row + at, at, gate))
      for (let at = bytes & ~15; at < bytes; at += 4) {
        // One value of the vector counts; what lies behind it is read and dropped.
        store<f32>(c.output + row + at, f32x4.extract_lane(vectorAt(c, row + at, at, gate), 0))
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function vectorAt(c: Pointwise, at: usize, channel: usize, gate: usize): v128 {
  let x = v128.load(c.input + at)
  if (c.scale) x = f32x4.add(f32x4.mul(x, v128.load(c.scale + channel)), v128.load(c.shift + channel))
  if (gate) x = f32x4.mul(x, v128.load(gate + channel))
  if (c.factor) x = f32x4.mul(x, v128.load(c.factor + at))
  if (c.addend) x = f32x4.add(x, v128.load(c.addend + at))
  return c.activation ? activate(x, c.activation) : x
}
