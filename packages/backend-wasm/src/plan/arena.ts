/** A stretch of memory that is needed from one step to another, both included. */
export interface Lifetime {
  readonly bytes: number
  readonly from: number
  readonly to: number
}

/** Where each lifetime lies, in bytes from the arena's start, and how large the arena is. */
export interface Arena {
  readonly offsets: readonly number[]
  readonly bytes: number
}

/** Vectors are read past the end of a map whose channels do not fill the last one. */
const guard = 16
/** A cache line. */
const alignment = 64

/**
 * Lays lifetimes into as little memory as can be, greedily: the largest first, each as low as those let it that are needed
 * at the same time (Pisarchyk and Lee 2020, greedy by size).
 */
export function layOut(lifetimes: readonly Lifetime[]): Arena {
  const offsets = new Array<number>(lifetimes.length).fill(0)
  const placed: number[] = []
  let bytes = 0
  const largestFirst = [...lifetimes.keys()].sort((a, b) => lifetimes[b].bytes - lifetimes[a].bytes || a - b)
  for (const index of largestFirst) {
    const lifetime = lifetimes[index]
    const size = roomFor(lifetime)
    let offset = 0
    for (const other of placed.filter((other) => overlap(lifetimes[other], lifetime))) {
      if (offset + size <= offsets[other]) break
      offset = Math.max(offset, offsets[other] + roomFor(lifetimes[other]))
    }
    offsets[index] = offset
    placed.push(index)
    placed.sort((a, b) => offsets[a] - offsets[b])
    bytes = Math.max(bytes, offset + size)
  }
  return { offsets, bytes }
}

function roomFor({ bytes }: Lifetime): number {
  return alignUp(bytes + guard)
}

function overlap(one: Lifetime, other: Lifetime): boolean {
  return one.from <= other.to && other.from <= one.to
}

/** The next multiple of a cache line. */
export function alignUp(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}
