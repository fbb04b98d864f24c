/** How far each value may be from its reference: `absolute + relative · |expected|`. Both are 0 unless given. */
export interface Tolerance {
  readonly absolute?: number
  readonly relative?: number
}

/** What {@link compareValues} found. */
export interface Comparison {
  /** The greatest ratio of an error to what the tolerance allows there; `Infinity` where a value is not a number. */
  readonly worst: number
  /** Where that is, -1 when there was nothing to compare. */
  readonly index: number
  readonly actual: number
  readonly expected: number
  /** Whether every value is as near as the tolerance asks, that is `worst <= 1`. */
  readonly within: boolean
  /** The greatest |actual − expected| anywhere, which need not be at `index`. */
  readonly maxError: number
  /** How many values were compared. */
  readonly count: number
}

/**
 * Compares values with their references one by one.
 *
 * @throws {RangeError} when their numbers differ
 */
export function compareValues(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { absolute = 0, relative = 0 }: Tolerance,
): Comparison {
  if (actual.length !== expected.length) {
    throw new RangeError(`${actual.length} values cannot be compared with ${expected.length} references`)
  }
  let worst = -1
  let index = -1
  let maxError = 0
  for (let i = 0; i < actual.length; i++) {
    const error = errorOf(actual[i]!, expected[i]!)
    const ratio = ratioOf(error, absolute + relative * Math.abs(expected[i]!))
    if (error > maxError) maxError = error
    if (ratio > worst) {
      worst = ratio
      index = i
    }
  }
  return {
    worst: Math.max(worst, 0),
    index,
    actual: actual[index] ?? Number.NaN,
    expected: expected[index] ?? Number.NaN,
    within: worst <= 1,
    maxError,
    count: actual.length,
  }
}

/** A sentence for an assertion's message: the worst error, where it is, and what the tolerance allowed there. */
export function describeWorst(comparison: Comparison): string {
  if (comparison.index < 0) return 'nothing to compare'
  const { worst, index, actual, expected, maxError, count } = comparison
  return (
    `worst at ${index} of ${count}: ${actual} where ${expected} was expected, ` +
    `${worst.toPrecision(3)} times what the tolerance allows; largest error anywhere ${maxError.toExponential(2)}`
  )
}

/** Two equal values (infinities among them) are no error, and what is not a number is an infinite one. */
function errorOf(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0
  const error = Math.abs(actual - expected)
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error
}

function ratioOf(error: number, bound: number): number {
  if (error === 0) return 0
  return Number.isFinite(error) ? error / bound : Number.POSITIVE_INFINITY
}
