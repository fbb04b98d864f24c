import { describe, expect, it } from 'vitest'
import { chooseTile, columns4Of, countTiles, rowsOf, type Tile, tiles } from './tile.js'
import { tiledProgram } from './tiledProgram.js'

describe.each(tiles.map((tile) => [tile.name, tile] as const))('the tile %s', (_, tile) => {
  const threads = tile.threadRows * tile.threadColumns

  it('is fetched by all threads of a team, none of them idle', () => {
    expect(((rowsOf(tile) * tile.depth) / 4) % threads).toBe(0)
    expect((columns4Of(tile) * tile.depth) % threads).toBe(0)
    // The depth of packed weights is a multiple of this.
    expect(32 % (tile.depth * tile.teams)).toBe(0)
  })

  it('keeps within the limits that every adapter has', () => {
    expect(threads * tile.teams).toBeLessThanOrEqual(256)
    expect(workgroupBytes(tile)).toBeLessThanOrEqual(16384)
  })
})

/** Bytes of workgroup memory that a program declares. */
function workgroupBytes(tile: Tile): number {
  const { code } = tiledProgram({ tile, pointwise: false, inComponents: 4, outComponents: 4, f16: false })
  const declared = [...code.matchAll(/var<workgroup> \w+: (.*);/g)].map(([, type]) => type)
  expect(declared.length).toBeGreaterThanOrEqual(2)
  return declared
    .map((type) => [...type.matchAll(/, (\d+)>/g)].reduce((product, [, count]) => product * Number(count), 16))
    .reduce((sum, bytes) => sum + bytes, 0)
}

describe('the tile that is chosen', () => {
  it.each([
    ['large', { rows: 112 * 112, columns4: 16, depth: 160 }],
    ['square', { rows: 56 * 56, columns4: 16, depth: 576 }],
    ['deep', { rows: 7 * 7, columns4: 128, depth: 4608 }],
    ['narrow', { rows: 32 * 32, columns4: 4, depth: 160 }],
    ['flat', { rows: 4, columns4: 128, depth: 4608 }],
  ])('is %s for %o', (name, size) => {
    expect(chooseTile({ groups: 1, ...size }).name).toBe(name)
  })

  it('is one that covers the product', () => {
    const size = { groups: 3, rows: 100, columns4: 20, depth: 320 }
    for (const tile of tiles) {
      const count = countTiles(tile, size)
      expect(count * rowsOf(tile) * columns4Of(tile)).toBeGreaterThanOrEqual(3 * 100 * 20)
    }
  })
})
