/**
 * How a product of matrices is cut up: a workgroup computes `rows × columns` of it, each of its threads some rows and
 * some fours of columns, which are not neighbours but lie a number of threads apart, so that threads read and write
 * side by side.
 */
export interface Tile {
  readonly name: string
  readonly threadRows: number
  readonly threadColumns: number
  /** Rows of a thread. */
  readonly ownRows: number
  /** Fours of columns of a thread. */
  readonly ownColumns4: number
  /** How far the sums go between two loads. */
  readonly depth: number
  /** How many teams of threads share the depth, each with loads of its own, and add up what they have at the end. */
  readonly teams: number
}

/** For large products: 64 sums a thread, for 16 values that it reads. */
const large: Tile = { name: 'large', threadRows: 8, threadColumns: 8, ownRows: 8, ownColumns4: 2, depth: 16, teams: 1 }
const square: Tile = {
  name: 'square',
  threadRows: 8,
  threadColumns: 8,
  ownRows: 4,
  ownColumns4: 1,
  depth: 16,
  teams: 1,
}
/** For few filters. */
const narrow: Tile = {
  name: 'narrow',
  threadRows: 16,
  threadColumns: 4,
  ownRows: 4,
  ownColumns4: 1,
  depth: 16,
  teams: 1,
}
/** For small products of great depth, which would not give a GPU enough to do otherwise. */
const deep: Tile = { name: 'deep', threadRows: 8, threadColumns: 8, ownRows: 4, ownColumns4: 1, depth: 8, teams: 4 }
/** For few rows: maps of a few pixels. */
const flat: Tile = { name: 'flat', threadRows: 2, threadColumns: 16, ownRows: 4, ownColumns4: 1, depth: 16, teams: 2 }

export const tiles: readonly Tile[] = [large, square, narrow, deep, flat]

export const rowsOf = ({ threadRows, ownRows }: Tile) => threadRows * ownRows
export const columns4Of = ({ threadColumns, ownColumns4 }: Tile) => threadColumns * ownColumns4

/** Tiles that fill a GPU of middling size; fewer leave parts of it idle. */
const enough = 96

/** How large the matrices are. */
export interface ProductSize {
  readonly groups: number
  readonly rows: number
  /** Fours of columns, of a group. */
  readonly columns4: number
  readonly depth: number
}

/** How many tiles cover the product. */
export function countTiles(tile: Tile, { groups, rows, columns4 }: ProductSize): number {
  return groups * Math.ceil(rows / rowsOf(tile)) * Math.ceil(columns4 / columns4Of(tile))
}

/** The largest tile of which there are enough. */
export function chooseTile(size: ProductSize): Tile {
  if (size.rows <= rowsOf(flat)) return flat
  if (size.columns4 <= columns4Of(narrow)) return narrow
  if (size.columns4 > columns4Of(square) && countTiles(large, size) >= enough) return large
  return countTiles(square, size) < enough && size.depth >= 4 * deep.depth * deep.teams ? deep : square
}
