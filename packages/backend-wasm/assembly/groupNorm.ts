/**
 * Group normalisation (Wu and He 2018), with an activation after it.
 *
 * Memory:
 *   input, output   [batch][pixels][channels] f32
 *   weight, bias    [channels] f32
 *   scratch         sums [channels] f64, then scale and shift [channels] f32 each
 *
 * An item is one image. Means and variances are summed in f64, the variance about the mean.
 */

import { activate } from './activation'
import { Op, take } from './work'

@unmanaged
export class GroupNorm extends Op {
  input: usize
  output: usize
  weight: usize
  bias: usize
  pixels: i32
  channels: i32
  groups: i32
  epsilon: f32
  activation: i32
}

export function normaliseGroups(c: GroupNorm, scratch: usize): void {
  const imageBytes = <usize>(c.pixels * c.channels) << 2
  const means = scratch + (<usize>c.channels << 3)
  const scales = means + (<usize>c.channels << 2)
  let image: i32
  while ((image = take(c)) < c.items) {
    const from = c.input + <usize>image * imageBytes
    const to = c.output + <usize>image * imageBytes
    sumChannels(c, from, scratch, 0)
    spreadMeans(c, scratch, means)
    sumChannels(c, from, scratch, means)
    spreadScales(c, scratch, scales)
    applyScales(c, from, to, means, scales)
  }
}

/** Sums of each channel; with `means`, of the squared distances from them. */
function sumChannels(c: GroupNorm, from: usize, sums: usize, means: usize): void {
  const bytes = <usize>c.channels << 2
  memory.fill(sums, 0, bytes << 1)
  for (let pixel = 0; pixel < c.pixels; ++pixel, from += bytes) {
    for (let at: usize = 0; at < bytes; at += 4) {
      let x = <f64>load<f32>(from + at)
      if (means) {
        x -= <f64>load<f32>(means + at)
        x *= x
      }
      const sum = sums + (at << 1)
      store<f64>(sum, load<f64>(sum) + x)
    }
  }
}

/** The mean of each group, to each of its channels. */
function spreadMeans(c: GroupNorm, sums: usize, means: usize): void {
  const perGroup = c.channels / c.groups
  for (let group = 0; group < c.groups; ++group) {
    const mean = <f32>(sumOf(sums, group, perGroup) / <f64>(c.pixels * perGroup))
    for (let i = group * perGroup; i < (group + 1) * perGroup; ++i) store<f32>(means + (<usize>i << 2), mean)
  }
}

/** weight / √(variance + epsilon) of each channel. */
function spreadScales(c: GroupNorm, sums: usize, scales: usize): void {
  const perGroup = c.channels / c.groups
  for (let group = 0; group < c.groups; ++group) {
    const variance = sumOf(sums, group, perGroup) / <f64>(c.pixels * perGroup)
    const factor = 1 / Math.sqrt(variance + <f64>c.epsilon)
    for (let i = group * perGroup; i < (group + 1) * perGroup; ++i) {
      const at = <usize>i << 2
      store<f32>(scales + at, <f32>(factor * <f64>load<f32>(c.weight + at)))
    }
  }
}

function sumOf(sums: usize, group: i32, perGroup: i32): f64 {
  let sum: f64 = 0
  for (let i = group * perGroup; i < (group + 1) * perGroup; ++i) sum += load<f64>(sums + (<usize>i << 3))
  return sum
}

function applyScales(c: GroupNorm, from: usize, to: usize, means: usize, scales: usize): void {
  const bytes = <usize>c.channels << 2
  for (let pixel = 0; pixel < c.pixels; ++pixel, from += bytes, to += bytes) {
    for (let at: usize = 0; at < (bytes & ~15); at += 16) v128.store(to + at, scaled(c, from, at, means, scales))
    for (let at = bytes & ~15; at < bytes; at += 4) {
      store<f32>(to + at, f32x4.extract_lane(scaled(c, from, at, means, scales), 0))
    }
  }
}

// @ts-ignore: decorator
@inline
function scaled(c: GroupNorm, from: usize, at: usize, means: usize, scales: usize): v128 {
  const x = f32x4.mul(f32x4.sub(v128.load(from + at), v128.load(means + at)), v128.load(scales + at))
  const y = f32x4.add(x, v128.load(c.bias + at))
  return c.activation ? activate(y, c.activation) : y
}
