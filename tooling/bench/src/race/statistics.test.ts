import { expect, test } from 'vitest'
import { spreadOf } from './statistics.js'

test('median and quartiles lie between values, as in NumPy', () => {
  // numpy.percentile([7, 1, 3, 10], [25, 50, 75])
  expect(spreadOf([7, 1, 3, 10])).toEqual({ lower: 2.5, median: 5, upper: 7.75 })
  expect(spreadOf([3, 1, 2])).toEqual({ lower: 1.5, median: 2, upper: 2.5 })
  expect(spreadOf([4])).toEqual({ lower: 4, median: 4, upper: 4 })
})

test('values are ordered as numbers', () => {
  expect(spreadOf([10, 9, 100]).median).toBe(10)
})
