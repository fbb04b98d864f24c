import { compareValues, describeWorst } from '@resnet-ts/golden'
import { expect } from 'vitest'

/**
 * Fails with the worst error and where it is.
 *
 * @param tolerance - how far each value may be from its reference: `tolerance · (1 + |expected|)`
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length, 'elements').toBe(expected.length)
  const comparison = compareValues(actual, expected, { absolute: tolerance, relative: tolerance })
  expect(comparison.within, describeWorst(comparison)).toBe(true)
}
