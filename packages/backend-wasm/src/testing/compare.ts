import { expect } from 'vitest'

/** Fails with the worst error and where it is. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length, 'elements').toBe(expected.length)
  let worst = { error: 0, message: '' }
  for (let index = 0; index < expected.length; index++) {
    const error = Math.abs(actual[index] - expected[index]) / (1 + Math.abs(expected[index]))
    // Written so that NaN counts as worst.
    if (!(error <= worst.error))
      worst = { error, message: `${actual[index]} instead of ${expected[index]} at ${index}` }
  }
  expect(worst.error <= tolerance, worst.message).toBe(true)
}
