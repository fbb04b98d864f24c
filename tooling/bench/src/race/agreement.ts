/** How far two outputs may be apart: each value by this much of 1 + |x|, where x is the peer's. */
export const tolerance = 1e-3

/** How far apart two outputs are. */
export interface Agreement {
  /** The greatest |ours − x| / (1 + |x|); null when it is not a number. */
  readonly worst: number | null
  /** Why the race is void; nothing when they agree. */
  readonly disagreement?: string
}

/** Compares what both sides answered. Values that are not finite, or all the same, show nothing, and disagree. */
export function compareOutputs(ours: Float32Array, theirs: Float32Array): Agreement {
  if (ours.length !== theirs.length) {
    return { worst: null, disagreement: `${ours.length} values against ${theirs.length}` }
  }
  if (theirs.every((value) => value === theirs[0])) {
    return { worst: null, disagreement: `all values of the peer's output are ${theirs[0]}` }
  }
  let worst = 0
  let place = 0
  for (const [index, x] of theirs.entries()) {
    const error = Math.abs(ours[index]! - x) / (1 + Math.abs(x))
    if (!Number.isFinite(error)) return { worst: null, disagreement: difference(ours, theirs, index) }
    if (error > worst) [worst, place] = [error, index]
  }
  return worst > tolerance ? { worst, disagreement: difference(ours, theirs, place) } : { worst }
}

function difference(ours: Float32Array, theirs: Float32Array, index: number): string {
  return `outputs differ: ${ours[index]} against ${theirs[index]} at ${index} of ${theirs.length}`
}
