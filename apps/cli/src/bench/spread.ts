/** The middle of a sample, and its quartiles: half of it lies between them. */
export interface Spread {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** @param values - at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right)
  // Between two values of the sample, in proportion.
  const quantile = (share: number) => {
    const place = share * (sorted.length - 1)
    const below = Math.floor(place)
    const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!]
    return low + (high - low) * (place - below)
  }
  return { median: quantile(0.5), lower: quantile(0.25), upper: quantile(0.75) }
}
