/**
 * Convolution as indirect matrix multiplication (Dukhan 2019): for every tap of the kernel a table tells where the
 * input of each pixel begins, so that nothing is copied, and padding is a pointer to zeros.
 *
 * Memory:
 *   input    [batch][inHeight][inWidth][inChannels] f32
 *   output   [pixels = batch · outHeight · outWidth][outChannels] f32; residual as output, 0 if there is none
 *   weights  [panels][taps][run][8] f32
 *   bias     [panels][8] f32
 *   offsets  [panels] u32            bytes from a pixel's first channel to the first that the panel reads
 *   zeros    [inChannels] f32
 *   scratch  one tile and its residual, then the table [tiles][taps][TILE_ROWS] u32
 *
 * An item is a block of pixels by a block of panels. Within it, panels are the outer loop: a panel's weights stay in
 * the first cache, the block's input in the second.
 */

import { blockOf, endPanelOf, firstPanelOf, heightOf, Product, startOf } from './product'
import { computeTile, PANEL, ROW_BYTES, TILE_BYTES, TILE_ROWS } from './tile'
import { take } from './work'

@unmanaged
export class Convolution extends Product {
  offsets: usize
  zeros: usize
  inHeight: i32
  inWidth: i32
  inChannels: i32
  outHeight: i32
  outWidth: i32
  outChannels: i32
  kernelHeight: i32
  kernelWidth: i32
  strideY: i32
  strideX: i32
  top: i32
  left: i32
  dilationY: i32
  dilationX: i32
  run: i32
  pixels: i32
}

export function convolve(c: Convolution, scratch: usize): void {
  const table = scratch + 2 * TILE_BYTES
  const taps = c.kernelHeight * c.kernelWidth
  let filled = -1
  let item: i32
  while ((item = take(c)) < c.items) {
    const block = blockOf(c, item)
    const first = startOf(c, block, c.pixels, TILE_ROWS)
    const count = startOf(c, block + 1, c.pixels, TILE_ROWS) - first
    if (block != filled) fillTable(c, table, first, count)
    filled = block
    const firstPanel = firstPanelOf(c, item)
    const endPanel = endPanelOf(c, item)
    for (let panel = firstPanel; panel < endPanel; ++panel) computePanel(c, panel, taps, table, first, count, scratch)
  }
}

function computePanel(
  c: Convolution,
  panel: i32,
  taps: i32,
  table: usize,
  first: i32,
  count: i32,
  scratch: usize,
): void {
  const outStride = <usize>c.outChannels << 2
  const weights = c.weights + ((<usize>panel * <usize>(taps * c.run)) << 5)
  const bias = c.bias + (<usize>panel << 5)
  const offset = <usize>load<u32>(c.offsets + (<usize>panel << 2))
  const channels = min(PANEL, c.outChannels - panel * PANEL)
  // A panel of which only some channels exist is computed apart.
  const whole = channels == PANEL
  const apart = scratch + TILE_BYTES
  let at = <usize>first * outStride + (<usize>panel << 5)
  const tiles = (count + TILE_ROWS - 1) / TILE_ROWS
  for (let tile = 0; tile < tiles; ++tile) {
    const rows = heightOf(tile, tiles, count)
    const to = whole ? c.output + at : scratch
    const toStride = whole ? outStride : ROW_BYTES
    let residual = c.residual ? c.residual + at : 0
    if (residual && !whole) {
      copyRows(apart, ROW_BYTES, residual, outStride, rows, channels)
      residual = apart
    }
    computeTile(rows, table, taps, c.run, offset, weights, bias, to, toStride, residual, toStride, c.activation)
    if (!whole) copyRows(c.output + at, outStride, scratch, ROW_BYTES, rows, channels)
    at += <usize>rows * outStride
    table += <usize>(taps * TILE_ROWS) << 2
  }
}

export function copyRows(to: usize, toStride: usize, from: usize, fromStride: usize, rows: i32, values: i32): void {
  for (let row = 0; row < rows; ++row) {
    for (let i: usize = 0; i < <usize>values << 2; i += 4) store<f32>(to + i, load<f32>(from + i))
    to += toStride
    from += fromStride
  }
}

/** Where the input of every pixel of a block begins, for each tap; outside the map, at the zeros. */
function fillTable(c: Convolution, table: usize, first: i32, count: i32): void {
  const tiles = (count + TILE_ROWS - 1) / TILE_ROWS
  const taps = c.kernelHeight * c.kernelWidth
  const pixelBytes = <usize>c.inChannels << 2
  const rowBytes = <usize>c.inWidth * pixelBytes
  let x = first % c.outWidth
  let y = (first / c.outWidth) % c.outHeight
  let image = c.input + <usize>(first / (c.outWidth * c.outHeight)) * <usize>c.inHeight * rowBytes
  for (let tile = 0; tile < tiles; ++tile) {
    const rows = heightOf(tile, tiles, count)
    for (let row = 0; row < rows; ++row) {
      let at = table + (<usize>row << 2)
      for (let ky = 0; ky < c.kernelHeight; ++ky) {
        const iy = y * c.strideY - c.top + ky * c.dilationY
        for (let kx = 0; kx < c.kernelWidth; ++kx) {
          const ix = x * c.strideX - c.left + kx * c.dilationX
          const inside = <u32>iy < <u32>c.inHeight && <u32>ix < <u32>c.inWidth
          const from = inside ? image + <usize>iy * rowBytes + <usize>ix * pixelBytes : c.zeros
          store<u32>(at, <u32>from)
          at += TILE_ROWS << 2
        }
      }
      if (++x == c.outWidth) {
        x = 0
        if (++y == c.outHeight) {
          y = 0
          image += <usize>c.inHeight * rowBytes
        }
      }
    }
    table += <usize>(taps * TILE_ROWS) << 2
  }
}
