import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ShapeError } from '../errors.js'
import { inferShapes } from '../shapes.js'
import { graphOf } from '../testing/networks.js'
import { blurFilter, blurPadding } from './blurPool.js'

describe('blurFilter', () => {
  test.each([
    [2, [1, 1], 2],
    [3, [1, 2, 1], 4],
    [4, [1, 3, 3, 1], 8],
    [5, [1, 4, 6, 4, 1], 16],
    [6, [1, 5, 10, 10, 5, 1], 32],
    [7, [1, 6, 15, 20, 15, 6, 1], 64],
  ])('of %d taps is %o over %d', (kernel, row, sum) => {
    expect(blurFilter({ kernel, stride: 1 })).toEqual(row.map((value) => value / sum))
  })

  test('sums to one, exactly, and is the same from either end', () => {
    for (let kernel = 2; kernel <= 20; kernel++) {
      const filter = blurFilter({ kernel, stride: 2 })
      expect(filter.reduce((sum, value) => sum + value, 0)).toBe(1)
      expect(filter.toReversed()).toEqual(filter)
    }
  })
})

// timm's get_padding(filt_size, stride) for its BlurPool2d.
test.each([
  { kernel: 2, stride: 1, padding: 0 },
  { kernel: 2, stride: 2, padding: 1 },
  { kernel: 3, stride: 1, padding: 1 },
  { kernel: 3, stride: 2, padding: 1 },
  { kernel: 3, stride: 3, padding: 2 },
  { kernel: 4, stride: 1, padding: 1 },
  { kernel: 4, stride: 2, padding: 2 },
  { kernel: 5, stride: 1, padding: 2 },
  { kernel: 5, stride: 2, padding: 2 },
  { kernel: 7, stride: 2, padding: 3 },
])('a blur of $kernel taps and stride $stride reflects $padding pixels', ({ kernel, stride, padding }) => {
  expect(blurPadding({ kernel, stride })).toBe(padding)
})

test('an odd kernel yields as many pixels as a strided slice, and refuses what it cannot be reflected from', () => {
  const odd = fc.integer({ min: 1, max: 4 }).map((half) => 2 * half + 1)
  const size = fc.integer({ min: 1, max: 30 })
  const seen = { fits: 0, refused: 0 }
  fc.assert(
    fc.property(odd, fc.integer({ min: 1, max: 2 }), size, size, (kernel, stride, height, width) => {
      const graph = graphOf(3, (g, x) => g.blurPool(x, { kernel, stride, name: 'blur' }))
      const infer = () => inferShapes(graph, { image: [2, height, width, 3] }).get('blur')
      if (Math.min(height, width) > (kernel - 1) / 2) {
        seen.fits++
        expect(infer()).toEqual([2, Math.ceil(height / stride), Math.ceil(width / stride), 3])
      } else {
        seen.refused++
        expect(infer).toThrow(ShapeError)
      }
    }),
  )
  expect(Math.min(seen.fits, seen.refused)).toBeGreaterThan(0)
})
