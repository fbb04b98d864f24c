/**
 * What looks along the channels of a vector.
 *
 * Memory:
 *   input, output  [rows][channels] f32
 *   weights        [kernel] f32, for the convolution
 *
 * An item is a row.
 */

import { Op, take } from './work'

@unmanaged
export class Channels extends Op {
  input: usize
  output: usize
  weights: usize
  channels: i32
  kernel: i32
}

/** Efficient channel attention's convolution (Wang et al. 2019), padded with zeros. */
export function convolveChannels(c: Channels): void {
  const half = c.kernel / 2
  let row: i32
  while ((row = take(c)) < c.items) {
    const from = c.input + (<usize>(row * c.channels) << 2)
    const to = c.output + (<usize>(row * c.channels) << 2)
    for (let i = 0; i < c.channels; ++i) {
      let sum: f32 = 0
      for (let k = max(0, half - i); k < min(c.kernel, c.channels + half - i); ++k) {
        sum += load<f32>(from + (<usize>(i + k - half) << 2)) * load<f32>(c.weights + (<usize>k << 2))
      }
      store<f32>(to + (<usize>i << 2), sum)
    }
  }
}

/** The softmax, with the greatest value taken off first. */
export function softmax(c: Channels): void {
  const bytes = <usize>c.channels << 2
  let row: i32
  while ((row = take(c)) < c.items) {
    const from = c.input + <usize>row * bytes
    const to = c.output + <usize>row * bytes
    let greatest: f32 = -Infinity
    for (let at: usize = 0; at < bytes; at += 4) greatest = max<f32>(greatest, load<f32>(from + at))
    let sum: f64 = 0
    for (let at: usize = 0; at < bytes; at += 4) {
      const e = Math.exp(<f64>load<f32>(from + at) - <f64>greatest)
      sum += e
      store<f32>(to + at, <f32>e)
    }
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(to + at, <f32>(<f64>load<f32>(to + at) / sum))
  }
}
