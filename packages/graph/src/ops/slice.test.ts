import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolveRange } from './slice.js'

/** The indices that a range picks, by JavaScript's own slice, which has the same negative numbers as Python's. */
function picked(size: number, start: number, stop: number | null, step: number): number[] {
  const indices = Array.from({ length: size }, (_, index) => index)
  return indices.slice(start, stop ?? undefined).filter((_, place) => place % step === 0)
}

test('a range picks what Array.prototype.slice and a step pick', () => {
  const bound = fc.integer({ min: -25, max: 25 })
  const stops = fc.option(bound)
  fc.assert(
    fc.property(fc.nat(20), bound, stops, fc.integer({ min: 1, max: 9 }), (size, start, stop, step) => {
      const { start: first, count } = resolveRange({ start, stop, step }, size)
      const indices = Array.from({ length: count }, (_, place) => first + place * step)
      expect(indices).toEqual(picked(size, start, stop, step))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  [
    { start: 0, stop: null, step: 1 },
    { start: 0, count: 10 },
  ],
  [
    { start: 0, stop: null, step: 3 },
    { start: 0, count: 4 },
  ],
  [
    { start: 1, stop: -1, step: 2 },
    { start: 1, count: 4 },
  ],
  [
    { start: -3, stop: null, step: 1 },
    { start: 7, count: 3 },
  ],
  [
    { start: -30, stop: 2, step: 1 },
    { start: 0, count: 2 },
  ],
  [
    { start: 6, stop: 2, step: 1 },
    { start: 6, count: 0 },
  ],
])('%o of ten', (range, resolved) => {
  expect(resolveRange(range, 10)).toEqual(resolved)
})
