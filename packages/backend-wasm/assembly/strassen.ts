/**
 * 1×1 convolution by one step of Strassen's multiplication, in Winograd's form: seven products of a quarter of the size
 * instead of eight. Pixels, input channels and output channels are each taken in two halves:
 *
 *   [C11 C12]   [A11 A12] [B11 B12]    S1 = A21 + A22   S2 = S1 − A11   S3 = A11 − A21   S4 = A12 − S2
 *   [C21 C22] = [A21 A22] [B21 B22]    T1 = B12 − B11   T2 = B22 − T1   T3 = B22 − B12   T4 = T2 − B21
 *
 *   P1 = A11·B11        C11 = P1 + A12·B21
 *   U2 = P1 + S2·T2     C12 = U4 + S4·B22
 *   U3 = U2 + S3·T3     C21 = U3 − A22·T4
 *   U4 = U2 + S1·T1     C22 = U3 + U4 − U2
 *
 * The sums of products cost nothing: each product goes on from the tile that it is added to.
 *
 * Memory:
 *   input    [batch][inHeight][inWidth][inChannels] f32, inChannels a multiple of eight
 *   output   [pixels][outChannels] f32, outChannels a multiple of sixteen; residual as output, or 0
 *   weights  [7][panels = outChannels / 16][inChannels / 2][8] f32: B11, B21, T2, T1, B22, T3, −T4
 *   bias     [2 · panels][8] f32
 *   scratch  (for pixelsPerBlock, the most that a block has)
 *            tiles [2][TILE_ROWS][8] f32
 *            sums of products [3][panels of an item][half][8] f32: U2, U3, U4
 *            tables [6][tiles][TILE_ROWS] u32   where the rows of A1, A2, S1, S2, S3, S4 begin
 *            sums [4][half][inChannels / 2] f32
 *
 * An item is a block of pixels by a block of panels.
 */

import { activate } from './activation'
import { copyRows } from './convolution'
import { blockOf, endPanelOf, firstPanelOf, heightOf, Product, startOf } from './product'
import { computeTile, PANEL, ROW_BYTES, TILE_BYTES, TILE_ROWS } from './tile'
import { take } from './work'

@unmanaged
export class Strassen extends Product {
  inHeight: i32
  inWidth: i32
  inChannels: i32
  outHeight: i32
  outWidth: i32
  outChannels: i32
  strideY: i32
  strideX: i32
  pixels: i32
  pixelsPerBlock: i32
}

/** Tables of rows, in the order in which they lie. */
// @ts-ignore: decorator
@inline
const A1: usize = 0
// @ts-ignore: decorator
@inline
const A2: usize = 1
// @ts-ignore: decorator
@inline
const S1: usize = 2
// @ts-ignore: decorator
@inline
const S2: usize = 3
// @ts-ignore: decorator
@inline
const S3: usize = 4
// @ts-ignore: decorator
@inline
const S4: usize = 5

export function convolveStrassen(c: Strassen, scratch: usize): void {
  const most = (c.pixelsPerBlock + 1) / 2
  const tables = scratch + 2 * TILE_BYTES + 3 * <usize>(most * c.panelsPerItem) * ROW_BYTES
  const table = <usize>(((most + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS) << 2
  const sums = (tables + 6 * table + 15) & ~15
  let filled = -1
  let item: i32
  while ((item = take(c)) < c.items) {
    const block = blockOf(c, item)
    const first = startOf(c, block, c.pixels, 2 * TILE_ROWS)
    const count = startOf(c, block + 1, c.pixels, 2 * TILE_ROWS) - first
    const half = (count + 1) / 2
    if (block != filled) {
      fillTables(c, tables, table, sums, first, count, half)
      addHalves(c, tables, table, half)
    }
    filled = block
    multiplyBlock(c, firstPanelOf(c, item), endPanelOf(c, item), tables, table, first, count, scratch)
  }
}

/** The rows of both halves of the pixels, and those of the sums. The second half may be one short: its last comes again. */
function fillTables(c: Strassen, tables: usize, table: usize, sums: usize, first: i32, count: i32, half: i32): void {
  const tiles = (half + TILE_ROWS - 1) / TILE_ROWS
  const sumBytes = <usize>c.inChannels << 1
  let row = 0
  for (let tile = 0; tile < tiles; ++tile) {
    const rows = heightOf(tile, tiles, half)
    for (let r = 0; r < rows; ++r, ++row) {
      const at = tables + (<usize>(tile * TILE_ROWS + r) << 2)
      store<u32>(at, <u32>addressOf(c, first + row))
      store<u32>(at + table, <u32>addressOf(c, first + min(half + row, count - 1)))
      for (let sum: usize = 0; sum < 4; ++sum) {
        store<u32>(at + (sum + 2) * table, <u32>(sums + (sum * <usize>half + <usize>row) * sumBytes))
      }
    }
  }
}

function addressOf(c: Strassen, pixel: i32): usize {
  const x = pixel % c.outWidth
  const y = (pixel / c.outWidth) % c.outHeight
  const image = pixel / (c.outWidth * c.outHeight)
  const place = (image * c.inHeight + y * c.strideY) * c.inWidth + x * c.strideX
  return c.input + (<usize>(place * c.inChannels) << 2)
}

/** S1 to S4. */
function addHalves(c: Strassen, tables: usize, table: usize, half: i32): void {
  const bytes = <usize>c.inChannels << 1
  const tiles = (half + TILE_ROWS - 1) / TILE_ROWS
  for (let tile = 0; tile < tiles; ++tile) {
    const rows = heightOf(tile, tiles, half)
    for (let r = 0; r < rows; ++r) {
      const at = tables + (<usize>(tile * TILE_ROWS + r) << 2)
      const a1 = <usize>load<u32>(at)
      const a2 = <usize>load<u32>(at + A2 * table)
      const s1 = <usize>load<u32>(at + S1 * table)
      const s2 = <usize>load<u32>(at + S2 * table)
      const s3 = <usize>load<u32>(at + S3 * table)
      const s4 = <usize>load<u32>(at + S4 * table)
      for (let i: usize = 0; i < bytes; i += 16) {
        const a11 = v128.load(a1 + i)
        const a21 = v128.load(a2 + i)
        const sum1 = f32x4.add(a21, v128.load(a2 + bytes + i))
        const sum2 = f32x4.sub(sum1, a11)
        v128.store(s1 + i, sum1)
        v128.store(s2 + i, sum2)
        v128.store(s3 + i, f32x4.sub(a11, a21))
        v128.store(s4 + i, f32x4.sub(v128.load(a1 + bytes + i), sum2))
      }
    }
  }
}

/**
 * Some panels of each quarter of the output. Products are the outer loop, panels the next: so the rows that a product takes
 * stay in the second cache, and a panel's weights in the first for all the tiles.
 */
function multiplyBlock(
  c: Strassen,
  firstPanel: i32,
  endPanel: i32,
  tables: usize,
  table: usize,
  first: i32,
  count: i32,
  scratch: usize,
): void {
  const half = (count + 1) / 2
  const run = c.inChannels >> 1
  const panelBytes = <usize>(run * PANEL) << 2
  const step = panelBytes * <usize>c.panels
  const right = <usize>run << 2
  const outStride = <usize>c.outChannels << 2
  const across = <usize>(c.panels * PANEL) << 2
  const quarter = <usize>((c.pixelsPerBlock + 1) / 2) * <usize>c.panelsPerItem * ROW_BYTES
  const u2 = scratch + 2 * TILE_BYTES
  const u3 = u2 + quarter
  const u4 = u3 + quarter
  const up = <usize>first * outStride
  const down = up + <usize>half * outStride
  const below = count - half
  let w = c.weights
  multiplyRows(c, firstPanel, endPanel, tables, half, 0, w, 0, u2)
  w += step
  storeRows(c, firstPanel, endPanel, tables, half, half, right, w, 0, up, u2, scratch)
  w += step
  multiplyRows(c, firstPanel, endPanel, tables + S2 * table, half, 0, w, u2, u2)
  w += step
  multiplyRows(c, firstPanel, endPanel, tables + S1 * table, half, 0, w, u2, u4)
  w += step
  storeRows(c, firstPanel, endPanel, tables + S4 * table, half, half, 0, w, across, up + across, u4, scratch)
  w += step
  multiplyRows(c, firstPanel, endPanel, tables + S3 * table, half, 0, w, u2, u3)
  w += step
  storeRows(c, firstPanel, endPanel, tables + A2 * table, half, below, right, w, 0, down, u3, scratch)
  for (let panel = firstPanel; panel < endPanel; ++panel) {
    const shift = <usize>panel * ROW_BYTES
    const at = <usize>(panel - firstPanel) * <usize>half * ROW_BYTES
    finishLast(c, u2 + at, u3 + at, u4 + at, c.bias + across + shift, down + across + shift, below, outStride)
  }
}

/** A product of all of a block's rows, added to `before` if there is one: [panels][half][8]. */
function multiplyRows(
  c: Strassen,
  panel: i32,
  end: i32,
  table: usize,
  half: i32,
  offset: usize,
  weights: usize,
  before: usize,
  to: usize,
): void {
  const run = c.inChannels >> 1
  const tiles = (half + TILE_ROWS - 1) / TILE_ROWS
  for (; panel < end; ++panel) {
    const w = weights + ((<usize>panel * <usize>run) << 5)
    let at = table
    for (let tile = 0; tile < tiles; ++tile, at += TILE_ROWS << 2) {
      const rows = heightOf(tile, tiles, half)
      computeTile(rows, at, 1, run, offset, w, 0, to, ROW_BYTES, before, ROW_BYTES, 0)
      to += <usize>rows * ROW_BYTES
      if (before) before += <usize>rows * ROW_BYTES
    }
  }
}

/** The same into the output, of which the first `exist` rows exist. */
function storeRows(
  c: Strassen,
  panel: i32,
  end: i32,
  table: usize,
  half: i32,
  exist: i32,
  offset: usize,
  weights: usize,
  across: usize,
  place: usize,
  before: usize,
  scratch: usize,
): void {
  const run = c.inChannels >> 1
  const outStride = <usize>c.outChannels << 2
  const apart = scratch + TILE_BYTES
  const tiles = (half + TILE_ROWS - 1) / TILE_ROWS
  for (; panel < end; ++panel) {
    const w = weights + ((<usize>panel * <usize>run) << 5)
    const bias = c.bias + across + <usize>panel * ROW_BYTES
    let at = table
    let to = place + <usize>panel * ROW_BYTES
    let left = exist
    for (let tile = 0; tile < tiles; ++tile, at += TILE_ROWS << 2) {
      const rows = heightOf(tile, tiles, half)
      const below = min(rows, left)
      const added = withResidual(c, before, scratch, to, below, outStride)
      if (below == rows) {
        computeTile(rows, at, 1, run, offset, w, bias, c.output + to, outStride, added, ROW_BYTES, c.activation)
      } else {
        computeTile(rows, at, 1, run, offset, w, bias, apart, ROW_BYTES, added, ROW_BYTES, c.activation)
        copyRows(c.output + to, outStride, apart, ROW_BYTES, below, PANEL)
      }
      left -= rows
      before += <usize>rows * ROW_BYTES
      to += <usize>rows * outStride
    }
  }
}

/** A tile with the residual added, if there is one; else the tile itself. */
function withResidual(c: Strassen, tile: usize, sum: usize, place: usize, rows: i32, stride: usize): usize {
  if (!c.residual) return tile
  let from = c.residual + place
  let to = sum
  for (let row = 0; row < rows; ++row, to += ROW_BYTES, tile += ROW_BYTES, from += stride) {
    v128.store(to, f32x4.add(v128.load(tile), v128.load(from)))
    v128.store(to, f32x4.add(v128.load(tile, 16), v128.load(from, 16)), 16)
  }
  return sum
}

/** C22 = U3 + U4 − U2. */
function finishLast(
  c: Strassen,
  u2: usize,
  u3: usize,
  u4: usize,
  bias: usize,
  place: usize,
  rows: i32,
  stride: usize,
): void {
  let at: usize = 0
  for (let row = 0; row < rows; ++row, at += ROW_BYTES, place += stride) {
    for (let i: usize = 0; i < ROW_BYTES; i += 16) {
      let x = f32x4.add(f32x4.add(v128.load(u3 + at + i), f32x4.sub(v128.load(u4 + at + i), v128.load(u2 + at + i))), v128.load(bias + i))
      if (c.residual) x = f32x4.add(x, v128.load(c.residual + place + i))
      v128.store(c.output + place + i, c.activation ? activate(x, c.activation) : x)
    }
  }
}
