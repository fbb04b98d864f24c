import { decodeFloat16 } from '@resnet-ts/graph/floats'
import { describe, expect, it } from 'vitest'
import { layoutOf, packBias, packForGroups, packForTiles, toFloat16 } from './packing.js'

/** Weights in OIHW, of which each tells where it is: filter, channel, tap. */
function numbered(filters: number, channels: number, taps: number): Float32Array {
  return Float32Array.from({ length: filters * channels * taps }, (_, index) => {
    const [filter, channel, tap] = [
      Math.floor(index / (channels * taps)),
      Math.floor(index / taps) % channels,
      index % taps,
    ]
    return 10000 * filter + 100 * channel + tap + 1
  })
}

describe('weights for tiles', () => {
  it('are each where a tile looks, and zeros elsewhere', () => {
    const shape = { groups: 2, inChannels: 3, outChannels: 5, taps: 4 }
    const { depth, filters4 } = layoutOf(shape)
    expect({ depth, filters4 }).toEqual({ depth: 32, filters4: 2 })
    const packed = packForTiles(numbered(10, 3, 4), shape)
    expect(packed).toHaveLength(2 * depth * 4 * filters4)
    packed.forEach((value, index) => {
      const group = Math.floor(index / (depth * 8))
      const level = Math.floor(index / 8) % depth
      const filter = index % 8
      const [tap, channel] = [Math.floor(level / 3), level % 3]
      const isThere = filter < 5 && tap < 4
      expect(value).toBe(isThere ? 10000 * (5 * group + filter) + 100 * channel + tap + 1 : 0)
    })
  })
})

describe('weights for groups', () => {
  it('lie by tap, channel and filter', () => {
    const packed = packForGroups(numbered(6, 2, 3), { groups: 3, inChannels: 2, outChannels: 2, taps: 3 })
    packed.forEach((value, index) => {
      const [tap, channel, filter] = [Math.floor(index / 12), Math.floor(index / 6) % 2, index % 6]
      expect(value).toBe(10000 * filter + 100 * channel + tap + 1)
    })
  })
})

it("a bias is filled up to fours, each group's by itself", () => {
  expect([...packBias(Float32Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 2, 3, 0, 4, 5, 6, 0])
})

it('16-bit floats lie two in an integer, in their order', () => {
  const packed = toFloat16(Float32Array.of(1, -2, 0.5, 65504))
  expect(packed).toHaveLength(2)
  expect([...decodeFloat16(new Uint8Array(packed.buffer))]).toEqual([1, -2, 0.5, 65504])
})
