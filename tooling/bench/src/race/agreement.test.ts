import { expect, test } from 'vitest'
import { compareOutputs } from './agreement.js'

const theirs = Float32Array.of(0, 1, -9)

test('values may be apart by a thousandth of 1 + |x|', () => {
  const { worst, disagreement } = compareOutputs(Float32Array.of(0.0009, 1, -9.009), theirs)
  expect(disagreement).toBeUndefined()
  expect(worst).toBeCloseTo(0.0009, 6)
})

test('the worst value is named', () => {
  const { worst, disagreement } = compareOutputs(Float32Array.of(0, 1.0021, -9), theirs)
  expect(worst).toBeCloseTo(0.00105, 6)
  expect(disagreement).toMatch(/^outputs differ: 1\.00\d+ against 1 at 1 of 3$/)
})

test.each([
  ['another length', Float32Array.of(0, 1), '2 values against 3'],
  ['NaN', Float32Array.of(0, Number.NaN, -9), 'outputs differ: NaN against 1 at 1 of 3'],
  ['infinity', Float32Array.of(0, 1, Number.NEGATIVE_INFINITY), 'outputs differ: -Infinity against -9 at 2 of 3'],
])('%s disagrees', (_, ours, disagreement) => {
  expect(compareOutputs(ours, theirs)).toEqual({ worst: null, disagreement })
})

test('outputs that are the same everywhere show nothing', () => {
  const zeros = new Float32Array(3)
  expect(compareOutputs(zeros, zeros).disagreement).toBe("all values of the peer's output are 0")
})
