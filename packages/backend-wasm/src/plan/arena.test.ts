import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignUp, type Lifetime, layOut } from './arena.js'

const lifetimes = fc.array(
  fc
    .record({ bytes: fc.nat(5000), from: fc.integer({ min: -1, max: 30 }), length: fc.nat(12) })
    .map(({ bytes, from, length }): Lifetime => ({ bytes, from, to: from + length })),
  { maxLength: 40 },
)

describe('the arena', () => {
  test('what is needed at the same time never shares memory', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const { offsets } = layOut(all)
        for (const [i, one] of all.entries()) {
          for (const [j, other] of all.entries()) {
            const meet = i !== j && one.from <= other.to && other.from <= one.to
            if (!meet || one.bytes === 0 || other.bytes === 0) continue
            const apart = offsets[i] + one.bytes <= offsets[j] || offsets[j] + other.bytes <= offsets[i]
            expect(apart, `${i} at ${offsets[i]} and ${j} at ${offsets[j]}`).toBe(true)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('all lie inside it, on cache lines, with room for a vector past their end', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const { offsets, bytes } = layOut(all)
        for (const [index, offset] of offsets.entries()) {
          expect(offset % 64).toBe(0)
          expect(offset + all[index].bytes + 16).toBeLessThanOrEqual(bytes)
        }
      }),
    )
  })

  test('it is no smaller than what is needed at once, and no larger than all together', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const { bytes } = layOut(all)
        const room = (each: Lifetime) => alignUp(each.bytes + 16)
        const at = (step: number) => all.filter(({ from, to }) => from <= step && step <= to)
        const sum = (some: readonly Lifetime[]) => some.reduce((total, each) => total + room(each), 0)
        expect(bytes).toBeGreaterThanOrEqual(Math.max(0, ...all.map(({ from }) => sum(at(from)))))
        expect(bytes).toBeLessThanOrEqual(sum(all))
      }),
    )
  })

  test('memory is used again once nobody needs it', () => {
    const chain = Array.from({ length: 20 }, (_, step) => ({ bytes: 1000, from: step, to: step + 1 }))
    expect(layOut(chain).bytes).toBe(2 * alignUp(1016))
  })

  test('with nothing to lay out it is empty', () => {
    expect(layOut([])).toEqual({ offsets: [], bytes: 0 })
  })
})
