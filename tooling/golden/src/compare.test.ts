import { describe, expect, it } from 'vitest'
import { compareValues, describeWorst } from './index.js'

describe('compareValues', () => {
  it('finds the worst error in proportion to what is allowed there, not the largest', () => {
    const comparison = compareValues([100.5, 1.2, 3], [100, 1, 3], { relative: 0.1 })
    expect(comparison).toMatchObject({ index: 1, actual: 1.2, expected: 1, within: false, maxError: 0.5, count: 3 })
    expect(comparison.worst).toBeCloseTo(2, 10)
  })

  it('adds both tolerances', () => {
    expect(compareValues([11.5], [10], { absolute: 1, relative: 0.1 })).toMatchObject({ worst: 0.75, within: true })
  })

  it('asks for equality when nothing is allowed', () => {
    expect(compareValues([1, 2], [1, 2], {}).within).toBe(true)
    expect(compareValues([1, 2], [1, 2.5], {})).toMatchObject({ worst: Infinity, index: 1, within: false })
  })

  it.each([
    [Number.NaN, 1],
    [1, Number.NaN],
    [Infinity, 1],
    [Infinity, -Infinity],
  ])('does not take %d for %d, whatever is allowed', (actual, expected) => {
    expect(compareValues([actual], [expected], { absolute: 1e9, relative: 1 }).within).toBe(false)
  })

  it('takes an infinity for the same one', () => {
    expect(compareValues([-Infinity], [-Infinity], {}).within).toBe(true)
  })

  it('does not compare different numbers of values', () => {
    expect(() => compareValues([1], [1, 2], {})).toThrow('1 values cannot be compared with 2 references')
  })
})

describe('describeWorst', () => {
  it('tells the error and its place', () => {
    expect(describeWorst(compareValues([1, 2.5], [1, 2], { absolute: 0.25 }))).toBe(
      'worst at 1 of 2: 2.5 where 2 was expected, 2.00 times what the tolerance allows; largest error anywhere 5.00e-1',
    )
  })

  it('says so when there was nothing', () => {
    expect(describeWorst(compareValues([], [], {}))).toBe('nothing to compare')
  })
})
