/**
 * Convolution of stride 1 by Winograd's minimal filtering (Lavin and Gray 2016): F(4×4, 3×3), F(2×2, 3×3) and
 * F(3×3, 4×4), on inputs of 6×6, 4×4 and 6×6. An output tile of m×m pixels takes edge² multiplications a pair of channels
 * instead of m² a tap.
 *
 * Memory:
 *   input    [batch][height][width][channels] f32, channels a multiple of four
 *   output   [batch][outHeight][outWidth][outChannels] f32, outChannels a multiple of eight; residual as output, or 0
 *   weights  [edge²][panels][run][8] f32
 *   bias     [panels][8] f32
 *   offsets  [panels] u32, zeros [channels] f32: as in convolution.ts
 *   scratch  places [tilesPerBlock][edge²] u32   where the pixels of each tile's input are
 *            between [36] v128                    half-transformed values
 *            table [rows of tiles][TILE_ROWS] u32
 *            V [edge²][tilesPerBlock][channels] f32, M [edge²][tilesPerBlock][panelsPerItem · 8] f32, each plane a
 *            cache line longer, lest all of them fall into the same places of the cache
 *
 * An item is a block of tiles by a block of panels. V and M of a block stay in the second cache.
 */

import { blockOf, endPanelOf, firstPanelOf, heightOf, Product, startOf } from './product'
import { multiplyAdd } from './simd'
import { computeTile, PANEL, TILE_ROWS } from './tile'
import { inputTransform2, inputTransform4, outputTransform2, outputTransform3, outputTransform4 } from './winogradTransforms'
import { take } from './work'

@unmanaged
export class Winograd extends Product {
  offsets: usize
  zeros: usize
  height: i32
  width: i32
  channels: i32
  outHeight: i32
  outWidth: i32
  outChannels: i32
  top: i32
  left: i32
  run: i32
  size: i32
  fours: i32
  tiles: i32
  tilesPerBlock: i32
}

export function convolveWinograd(c: Winograd, scratch: usize): void {
  const edge = c.size == 2 ? 4 : 6
  const positions = edge * edge
  const places = scratch
  const between = places + align(<usize>(c.tilesPerBlock * positions) << 2)
  const table = between + 36 * 16
  const v = table + align(<usize>((c.tilesPerBlock + TILE_ROWS) * TILE_ROWS) << 2)
  const m = v + <usize>positions * planeBytes(c, c.channels)
  let placed = -1
  let from: usize = 0
  let to: usize = 0
  let item: i32
  while ((item = take(c)) < c.items) {
    const block = blockOf(c, item)
    const first = startOf(c, block, c.tiles, TILE_ROWS)
    const count = startOf(c, block + 1, c.tiles, TILE_ROWS) - first
    const firstPanel = firstPanelOf(c, item)
    const panels = endPanelOf(c, item) - firstPanel
    // The channels that these panels read: all of them, where there are no groups.
    const start = <usize>load<u32>(c.offsets + (<usize>firstPanel << 2)) & ~15
    const end = <usize>load<u32>(c.offsets + (<usize>(firstPanel + panels - 1) << 2)) + (<usize>c.run << 2)
    if (block != placed) findPlaces(c, places, edge, first, count)
    if (block != placed || start < from || end > to) {
      transformInputs(c, places, between, v, count, positions, start, end)
      from = start
      to = end
    }
    placed = block
    multiplyPlanes(c, table, v, m, count, positions, firstPanel, panels)
    storeTiles(c, between, m, first, count, firstPanel, panels)
  }
}

/** From one plane of V or M to the next. */
// @ts-ignore: decorator
@inline
function planeBytes(c: Winograd, channels: i32): usize {
  return (<usize>(c.tilesPerBlock * channels) << 2) + 64
}

// @ts-ignore: decorator
@inline
function align(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/** The addresses of the input pixels of every tile; outside the map, the zeros. */
function findPlaces(c: Winograd, at: usize, edge: i32, first: i32, count: i32): void {
  const across = (c.outWidth + c.size - 1) / c.size
  const down = (c.outHeight + c.size - 1) / c.size
  const pixelBytes = <usize>c.channels << 2
  for (let t = first; t < first + count; ++t) {
    const x0 = (t % across) * c.size - c.left
    const y0 = ((t / across) % down) * c.size - c.top
    const image = c.input + <usize>(t / (across * down)) * <usize>(c.height * c.width) * pixelBytes
    for (let y = y0; y < y0 + edge; ++y) {
      for (let x = x0; x < x0 + edge; ++x) {
        const inside = <u32>y < <u32>c.height && <u32>x < <u32>c.width
        store<u32>(at, <u32>(inside ? image + <usize>(y * c.width + x) * pixelBytes : c.zeros))
        at += 4
      }
    }
  }
}

/** V, from one byte of the channels to another. */
function transformInputs(
  c: Winograd,
  places: usize,
  between: usize,
  v: usize,
  count: i32,
  positions: i32,
  start: usize,
  end: usize,
): void {
  const pixelBytes = <usize>c.channels << 2
  const plane = planeBytes(c, c.channels)
  for (let t = 0; t < count; ++t) {
    for (let offset = start; offset < end; offset += 16) {
      if (positions == 36) inputTransform4(places, offset, between, v + offset, plane)
      else inputTransform2(places, offset, v + offset, plane)
    }
    places += <usize>positions << 2
    v += pixelBytes
  }
}

/** M = V · U in each of the edge² positions. */
function multiplyPlanes(
  c: Winograd,
  table: usize,
  v: usize,
  m: usize,
  count: i32,
  positions: i32,
  firstPanel: i32,
  panels: i32,
): void {
  const pixelBytes = <usize>c.channels << 2
  const outStride = <usize>(c.panelsPerItem * PANEL) << 2
  const panelBytes = <usize>(c.run * PANEL) << 2
  const tiles = (count + TILE_ROWS - 1) / TILE_ROWS
  for (let position = 0; position < positions; ++position) {
    let at = table
    let from = v
    for (let tile = 0; tile < tiles; ++tile) {
      const rows = heightOf(tile, tiles, count)
      for (let row = 0; row < rows; ++row, from += pixelBytes) store<u32>(at + (<usize>row << 2), <u32>from)
      at += TILE_ROWS << 2
    }
    let weights = c.weights + <usize>(position * c.panels + firstPanel) * panelBytes
    for (let panel = 0; panel < panels; ++panel, weights += panelBytes) {
      const offset = <usize>load<u32>(c.offsets + (<usize>(firstPanel + panel) << 2))
      let out = m + (<usize>panel << 5)
      if (c.fours) {
        multiplyFours(v + offset, pixelBytes, weights, out, outStride, count)
        continue
      }
      let rowTable = table
      for (let tile = 0; tile < tiles; ++tile) {
        const rows = heightOf(tile, tiles, count)
        computeTile(rows, rowTable, 1, c.run, offset, weights, 0, out, outStride, 0, 0, 0)
        out += <usize>rows * outStride
        rowTable += TILE_ROWS << 2
      }
    }
    v += planeBytes(c, c.channels)
    m += planeBytes(c, c.panelsPerItem * PANEL)
  }
}

/**
 * The products of two groups of four channels to four. A panel's weights are [8][8] with zeros where an output does not
 * see an input; the two squares that count stay in registers.
 */
function multiplyFours(v: usize, stride: usize, weights: usize, out: usize, outStride: usize, tiles: i32): void {
  const w0 = v128.load(weights)
  const w1 = v128.load(weights, 32)
  const w2 = v128.load(weights, 64)
  const w3 = v128.load(weights, 96)
  const w4 = v128.load(weights, 144)
  const w5 = v128.load(weights, 176)
  const w6 = v128.load(weights, 208)
  const w7 = v128.load(weights, 240)
  for (let tile = 0; tile < tiles; ++tile, v += stride, out += outStride) {
    let a = f32x4.mul(v128.load_splat<f32>(v), w0)
    let b = f32x4.mul(v128.load_splat<f32>(v, 16), w4)
    a = multiplyAdd(v128.load_splat<f32>(v, 4), w1, a)
    b = multiplyAdd(v128.load_splat<f32>(v, 20), w5, b)
    a = multiplyAdd(v128.load_splat<f32>(v, 8), w2, a)
    b = multiplyAdd(v128.load_splat<f32>(v, 24), w6, b)
    a = multiplyAdd(v128.load_splat<f32>(v, 12), w3, a)
    b = multiplyAdd(v128.load_splat<f32>(v, 28), w7, b)
    v128.store(out, a)
    v128.store(out, b, 16)
  }
}

/** Aᵀ·M·A of every tile, with bias, residual and activation, to those of its pixels that exist. */
function storeTiles(
  c: Winograd,
  between: usize,
  m: usize,
  first: i32,
  count: i32,
  firstPanel: i32,
  panels: i32,
): void {
  const across = (c.outWidth + c.size - 1) / c.size
  const down = (c.outHeight + c.size - 1) / c.size
  const stride = <usize>(c.panelsPerItem * PANEL) << 2
  const plane = planeBytes(c, c.panelsPerItem * PANEL)
  const bytes = <usize>(panels * PANEL) << 2
  const pixelBytes = <usize>c.outChannels << 2
  const shift = <usize>(firstPanel * PANEL) << 2
  for (let t = first; t < first + count; ++t, m += stride) {
    const x = (t % across) * c.size
    const y = ((t / across) % down) * c.size
    const image = t / (across * down)
    const at = <usize>((image * c.outHeight + y) * c.outWidth + x) * pixelBytes + shift
    const rows = min(c.size, c.outHeight - y)
    const columns = min(c.size, c.outWidth - x)
    const rowBytes = <usize>c.outWidth * pixelBytes
    for (let offset: usize = 0; offset < bytes; offset += 16) {
      const bias = v128.load(c.bias + shift + offset)
      const to = c.output + at + offset
      const residual = c.residual ? c.residual + at + offset : 0
      const from = m + offset
      if (c.size == 4) {
        outputTransform4(from, plane, between, bias, to, residual, rowBytes, pixelBytes, rows, columns, c.activation)
      } else if (c.size == 3) {
        outputTransform3(from, plane, between, bias, to, rowBytes, pixelBytes, rows, columns, c.activation)
      } else {
        outputTransform2(from, plane, bias, to, residual, rowBytes, pixelBytes, rows, columns, c.activation)
      }
    }
  }
}
