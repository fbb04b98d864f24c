/**
 * Weights in the order in which the kernels read them.
 *
 * Memory:
 *   from     [outChannels][inPerGroup][kernelHeight][kernelWidth] f32, PyTorch's OIHW
 *   offsets  [panels] u32   bytes to the first input channel of each panel
 */

import { PANEL } from './tile'

/**
 * For `convolution.ts`: `to` is [panels][taps][run][8]. A panel's run covers the channels of all the groups that its
 * outputs belong to; where an output does not see a channel, its weight is zero.
 *
 * @param merged - whether a tap is a whole row of the kernel, and its run [kernelWidth][inChannels]
 */
export function packConvolution(
  from: usize,
  to: usize,
  offsets: usize,
  outChannels: i32,
  inPerGroup: i32,
  outPerGroup: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  run: i32,
  merged: bool,
): void {
  const panels = (outChannels + PANEL - 1) / PANEL
  const area = kernelHeight * kernelWidth
  const taps = merged ? kernelHeight : area
  const panelBytes = <usize>(taps * run * PANEL) << 2
  // From one place of the kernel to the next, in values of `to`.
  const step = (merged ? inPerGroup : run) * PANEL
  for (let panel = 0; panel < panels; ++panel) {
    memory.fill(to, 0, panelBytes)
    const firstChannel = <i32>(load<u32>(offsets + (<usize>panel << 2)) >> 2)
    const lanes = min(PANEL, outChannels - panel * PANEL)
    for (let lane = 0; lane < lanes; ++lane) {
      const out = panel * PANEL + lane
      const channel = (out / outPerGroup) * inPerGroup - firstChannel
      let source = from + (<usize>(out * inPerGroup * area) << 2)
      for (let within = 0; within < inPerGroup; ++within) {
        let at = to + (<usize>((channel + within) * PANEL + lane) << 2)
        for (let place = 0; place < area; ++place) {
          store<f32>(at, load<f32>(source))
          source += 4
          at += <usize>step << 2
        }
      }
    }
    to += panelBytes
  }
}

/**
 * For `winograd.ts`: `to` is [(size + 2)²][panels][run][8], G·g·Gᵀ of every filter (Lavin and Gray 2016). Offsets and
 * run as above.
 *
 * @param size - of an output tile: 2 or 4
 */
export function packWinograd(
  from: usize,
  to: usize,
  offsets: usize,
  outChannels: i32,
  inPerGroup: i32,
  outPerGroup: i32,
  run: i32,
  size: i32,
): void {
  const panels = (outChannels + PANEL - 1) / PANEL
  const planeBytes = <usize>(panels * run * PANEL) << 2
  memory.fill(to, 0, planeBytes * <usize>((size + 2) * (size + 2)))
  for (let out = 0; out < outChannels; ++out) {
    const panel = out / PANEL
    const firstChannel = <i32>(load<u32>(offsets + (<usize>panel << 2)) >> 2)
    const channel = (out / outPerGroup) * inPerGroup - firstChannel
    let source = from + (<usize>(out * inPerGroup * 9) << 2)
    let at = to + (<usize>((panel * run + channel) * PANEL + (out % PANEL)) << 2)
    for (let within = 0; within < inPerGroup; ++within) {
      if (size == 4) transformFilter4(source, at, planeBytes)
      else transformFilter2(source, at, planeBytes)
      source += 36
      at += <usize>PANEL << 2
    }
  }
}

/** The columns of a filter, or its rows, times the rows of G for F(4, 3). */
// @ts-ignore: decorator
@inline
function g4(row: i32, a: f32, b: f32, c: f32): f32 {
  const even = a + c
  if (row == 0) return a * <f32>(1.0 / 4.0)
  if (row == 1) return (even + b) * <f32>(-1.0 / 6.0)
  if (row == 2) return (even - b) * <f32>(-1.0 / 6.0)
  if (row == 3) return a * <f32>(1.0 / 24.0) + b * <f32>(1.0 / 12.0) + c * <f32>(1.0 / 6.0)
  if (row == 4) return a * <f32>(1.0 / 24.0) - b * <f32>(1.0 / 12.0) + c * <f32>(1.0 / 6.0)
  return c
}

// @ts-ignore: decorator
@inline
function transformRow4(row: i32, from: usize, to: usize, stride: usize): void {
  const a = g4(row, load<f32>(from), load<f32>(from, 12), load<f32>(from, 24))
  const b = g4(row, load<f32>(from, 4), load<f32>(from, 16), load<f32>(from, 28))
  const c = g4(row, load<f32>(from, 8), load<f32>(from, 20), load<f32>(from, 32))
  to += <usize>(row * 6) * stride
  store<f32>(to, g4(0, a, b, c))
  store<f32>((to += stride), g4(1, a, b, c))
  store<f32>((to += stride), g4(2, a, b, c))
  store<f32>((to += stride), g4(3, a, b, c))
  store<f32>((to += stride), g4(4, a, b, c))
  store<f32>((to += stride), g4(5, a, b, c))
}

function transformFilter4(from: usize, to: usize, stride: usize): void {
  transformRow4(0, from, to, stride)
  transformRow4(1, from, to, stride)
  transformRow4(2, from, to, stride)
  transformRow4(3, from, to, stride)
  transformRow4(4, from, to, stride)
  transformRow4(5, from, to, stride)
}

/** The same for F(2, 3). */
// @ts-ignore: decorator
@inline
function g2(row: i32, a: f32, b: f32, c: f32): f32 {
  if (row == 0) return a
  if (row == 1) return (a + b + c) * <f32>0.5
  if (row == 2) return (a - b + c) * <f32>0.5
  return c
}

// @ts-ignore: decorator
@inline
function transformRow2(row: i32, from: usize, to: usize, stride: usize): void {
  const a = g2(row, load<f32>(from), load<f32>(from, 12), load<f32>(from, 24))
  const b = g2(row, load<f32>(from, 4), load<f32>(from, 16), load<f32>(from, 28))
  const c = g2(row, load<f32>(from, 8), load<f32>(from, 20), load<f32>(from, 32))
  to += <usize>(row * 4) * stride
  store<f32>(to, g2(0, a, b, c))
  store<f32>((to += stride), g2(1, a, b, c))
  store<f32>((to += stride), g2(2, a, b, c))
  store<f32>((to += stride), g2(3, a, b, c))
}

function transformFilter2(from: usize, to: usize, stride: usize): void {
  transformRow2(0, from, to, stride)
  transformRow2(1, from, to, stride)
  transformRow2(2, from, to, stride)
  transformRow2(3, from, to, stride)
}
