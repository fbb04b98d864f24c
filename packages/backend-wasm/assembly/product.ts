/**
 * What the three ways to convolve have in common: they multiply blocks of rows (pixels or tiles) by panels of weights. An
 * item is a block by some panels.
 */

import { Op } from './work'

@unmanaged
export class Product extends Op {
  input: usize
  output: usize
  residual: usize
  weights: usize
  bias: usize
  blocks: i32
  panels: i32
  panelsPerItem: i32
  panelsFirst: i32
  activation: i32
}

/** The block of an item. Items in a row are of the same panels or, `panelsFirst`, of the same block. */
// @ts-ignore: decorator
@inline
export function blockOf(c: Product, item: i32): i32 {
  return c.panelsFirst ? item / partsOf(c) : item % c.blocks
}

/** The first panel of an item. */
// @ts-ignore: decorator
@inline
export function firstPanelOf(c: Product, item: i32): i32 {
  return (c.panelsFirst ? item % partsOf(c) : item / c.blocks) * c.panelsPerItem
}

/** How many items there are of a block. */
// @ts-ignore: decorator
@inline
function partsOf(c: Product): i32 {
  return (c.panels + c.panelsPerItem - 1) / c.panelsPerItem
}

/** One past the last panel of an item. */
// @ts-ignore: decorator
@inline
export function endPanelOf(c: Product, item: i32): i32 {
  return min(firstPanelOf(c, item) + c.panelsPerItem, c.panels)
}

/** Where a block begins: all share out whole units of the rows as equally as can be. */
// @ts-ignore: decorator
@inline
export function startOf(c: Product, block: i32, rows: i32, unit: i32): i32 {
  const units = (rows + unit - 1) / unit
  // In 64 bits: there may be more units than the root of 2³¹.
  return <i32>min<i64>(((<i64>block * units) / c.blocks) * unit, rows)
}

/** The rows of one tile of several: as equal as can be, since a low tile keeps the processor less busy. */
// @ts-ignore: decorator
@inline
export function heightOf(tile: i32, tiles: i32, rows: i32): i32 {
  return rows / tiles + (tile < rows % tiles ? 1 : 0)
}
