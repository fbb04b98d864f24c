/**
 * Weights in the order in which the kernels read them.
 *
 * Memory:
 *   from     [outChannels][inPerGroup][kernelHeight][kernelWidth] f32, PyTorch's OIHW
 *   offsets  [panels] u32   bytes to the first input channel of each panel
 *
 * An item is a panel, of `packStrassen` one of each half.
 */

import { PANEL } from './tile'
import { Op, take } from './work'

/** `size`, of an output tile, 2 or 4, is for `packWinograd`; `merged`, whether a tap is a whole row, for `packConvolution`. */
@unmanaged
export class Filters extends Op {
  from: usize
  to: usize
  offsets: usize
  outChannels: i32
  inPerGroup: i32
  outPerGroup: i32
  kernelHeight: i32
  kernelWidth: i32
  run: i32
  merged: i32
  size: i32
}

/**
 * For `convolution.ts`: `to` is [panels][taps][run][8]. A panel's run covers the channels of all the groups that its
 * outputs belong to; where an output does not see a channel, its weight is zero. A merged tap's run is
 * [kernelWidth][inChannels].
 */
export function packConvolution(f: Filters): void {
  const area = f.kernelHeight * f.kernelWidth
  const taps = f.merged ? f.kernelHeight : area
  const panelBytes = <usize>(taps * f.run * PANEL) << 2
  let panel: i32
  while ((panel = take(f)) < f.items) packPanel(f, panel, area, f.to + <usize>panel * panelBytes, panelBytes)
}

function packPanel(f: Filters, panel: i32, area: i32, to: usize, panelBytes: usize): void {
  const inPerGroup = f.inPerGroup
  // From one place of the kernel to the next, in values of `to`.
  const step = (f.merged ? inPerGroup : f.run) * PANEL
  const firstChannel = <i32>(load<u32>(f.offsets + (<usize>panel << 2)) >> 2)
  const lanes = min(PANEL, f.outChannels - panel * PANEL)
  memory.fill(to, 0, panelBytes)
  for (let lane = 0; lane < lanes; ++lane) {
    const out = panel * PANEL + lane
    const channel = (out / f.outPerGroup) * inPerGroup - firstChannel
    let source = f.from + (<usize>(out * inPerGroup * area) << 2)
    for (let within = 0; within < inPerGroup; ++within) {
      let at = to + (<usize>((channel + within) * PANEL + lane) << 2)
      for (let place = 0; place < area; ++place) {
        store<f32>(at, load<f32>(source))
        source += 4
        at += <usize>step << 2
      }
    }
  }
}

/**
 * For `winograd.ts`: `to` is [(size + 2)²][panels][run][8], G·g·Gᵀ of every filter (Lavin and Gray 2016). Offsets and
 * run as above.
 *
 * @param filters - [9][8] f32 of scratch: the filters of one panel and one input channel
 */
export function packWinograd(f: Filters, filters: usize): void {
  const panelBytes = <usize>(f.run * PANEL) << 2
  const plane = <usize>(f.outChannels / PANEL) * panelBytes
  let panel: i32
  while ((panel = take(f)) < f.items) {
    const firstChannel = <i32>(load<u32>(f.offsets + (<usize>panel << 2)) >> 2)
    let to = f.to + <usize>panel * panelBytes
    for (let r = 0; r < f.run; ++r, to += <usize>PANEL << 2) {
      gatherFilters(f, panel * PANEL, firstChannel + r, filters)
      for (let half: usize = 0; half < 32; half += 16) {
        if (f.size == 4) transformFilters4(filters + half, to + half, plane)
        else transformFilters2(filters + half, to + half, plane)
      }
    }
  }
}

/** Eight filters side by side: those of the outputs from `firstOut` on, for one input channel. */
function gatherFilters(f: Filters, firstOut: i32, channel: i32, to: usize): void {
  for (let lane = 0; lane < PANEL; ++lane) {
    const out = firstOut + lane
    const within = channel - (out / f.outPerGroup) * f.inPerGroup
    const at = to + (<usize>lane << 2)
    if (<u32>within < <u32>f.inPerGroup) {
      const source = f.from + <usize>(out * f.inPerGroup + within) * 36
      for (let tap: usize = 0; tap < 9; ++tap) store<f32>(at + (tap << 5), load<f32>(source + (tap << 2)))
    } else {
      for (let tap: usize = 0; tap < 9; ++tap) store<f32>(at + (tap << 5), 0)
    }
  }
}

// @ts-ignore: decorator
@inline
function scaled(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor))
}

/** One row of G for F(4, 3) times a column, or a row, of the filter. */
// @ts-ignore: decorator
@inline
function g4(row: i32, a: v128, b: v128, c: v128): v128 {
  if (row == 0) return scaled(a, <f32>(1.0 / 4.0))
  if (row == 1) return scaled(f32x4.add(f32x4.add(a, c), b), <f32>(-1.0 / 6.0))
  if (row == 2) return scaled(f32x4.sub(f32x4.add(a, c), b), <f32>(-1.0 / 6.0))
  if (row == 5) return c
  const even = f32x4.add(scaled(a, <f32>(1.0 / 24.0)), scaled(c, <f32>(1.0 / 6.0)))
  const odd = scaled(b, <f32>(1.0 / 12.0))
  return row == 3 ? f32x4.add(even, odd) : f32x4.sub(even, odd)
}

// @ts-ignore: decorator
@inline
function transformRow4(row: i32, from: usize, to: usize, plane: usize): void {
  const a = g4(row, v128.load(from), v128.load(from, 96), v128.load(from, 192))
  const b = g4(row, v128.load(from, 32), v128.load(from, 128), v128.load(from, 224))
  const c = g4(row, v128.load(from, 64), v128.load(from, 160), v128.load(from, 256))
  to += <usize>(row * 6) * plane
  v128.store(to, g4(0, a, b, c))
  v128.store((to += plane), g4(1, a, b, c))
  v128.store((to += plane), g4(2, a, b, c))
  v128.store((to += plane), g4(3, a, b, c))
  v128.store((to += plane), g4(4, a, b, c))
  v128.store((to += plane), g4(5, a, b, c))
}

function transformFilters4(from: usize, to: usize, plane: usize): void {
  transformRow4(0, from, to, plane)
  transformRow4(1, from, to, plane)
  transformRow4(2, from, to, plane)
  transformRow4(3, from, to, plane)
  transformRow4(4, from, to, plane)
  transformRow4(5, from, to, plane)
}

/** The same for F(2, 3). */
// @ts-ignore: decorator
@inline
function g2(row: i32, a: v128, b: v128, c: v128): v128 {
  if (row == 0) return a
  if (row == 1) return scaled(f32x4.add(f32x4.add(a, c), b), 0.5)
  if (row == 2) return scaled(f32x4.sub(f32x4.add(a, c), b), 0.5)
  return c
}

// @ts-ignore: decorator
@inline
function transformRow2(row: i32, from: usize, to: usize, plane: usize): void {
  const a = g2(row, v128.load(from), v128.load(from, 96), v128.load(from, 192))
  const b = g2(row, v128.load(from, 32), v128.load(from, 128), v128.load(from, 224))
  const c = g2(row, v128.load(from, 64), v128.load(from, 160), v128.load(from, 256))
  to += <usize>(row * 4) * plane
  v128.store(to, g2(0, a, b, c))
  v128.store((to += plane), g2(1, a, b, c))
  v128.store((to += plane), g2(2, a, b, c))
  v128.store((to += plane), g2(3, a, b, c))
}

function transformFilters2(from: usize, to: usize, plane: usize): void {
  transformRow2(0, from, to, plane)
  transformRow2(1, from, to, plane)
  transformRow2(2, from, to, plane)
  transformRow2(3, from, to, plane)
}

/**
 * For `strassen.ts`: `to` is [7][outChannels / 16][inChannels / 2][8], the seven factors. `from` is [outChannels][inChannels].
 */
export function packStrassen(f: Filters): void {
  let panel: i32
  while ((panel = take(f)) < f.items) {
    for (let lane = 0; lane < PANEL; ++lane) packFactors(f, panel, lane)
  }
}

/** The factors of an output channel of each half. */
function packFactors(f: Filters, panel: i32, lane: i32): void {
  const inChannels = f.inPerGroup
  const run = inChannels >> 1
  const panelBytes = <usize>(run * PANEL) << 2
  const step = panelBytes * <usize>(f.outChannels / (2 * PANEL))
  const right = <usize>run << 2
  const below = <usize>(f.outChannels >> 1) * (<usize>inChannels << 2)
  let source = f.from + (<usize>((panel * PANEL + lane) * inChannels) << 2)
  let at = f.to + <usize>panel * panelBytes + (<usize>lane << 2)
  for (let channel = 0; channel < run; ++channel, source += 4, at += <usize>PANEL << 2) {
    const b11 = load<f32>(source)
    const b21 = load<f32>(source + right)
    const b12 = load<f32>(source + below)
    const b22 = load<f32>(source + below + right)
    const t1 = b12 - b11
    const t2 = b22 - t1
    store<f32>(at, b11)
    store<f32>(at + step, b21)
    store<f32>(at + 2 * step, t2)
    store<f32>(at + 3 * step, t1)
    store<f32>(at + 4 * step, b22)
    store<f32>(at + 5 * step, b22 - b12)
    store<f32>(at + 6 * step, b21 - t2)
  }
}
