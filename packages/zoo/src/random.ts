/** A 32-bit seed from a key and a number: FNV-1a over the characters of both. */
export function seedOf(key: string, seed: number): number {
  let hash = 0x811c9dc5
  for (const character of `${seed}:${key}`) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  return hash >>> 0
}

/** Numbers uniform in [0, 1): the mulberry32 generator. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Numbers uniform in [−1, 1). */
export function uniform(seed: number): () => number {
  const next = mulberry32(seed)
  return () => 2 * next() - 1
}

/** Numbers of mean 0 and deviation 1, by the method of Box and Muller, two at a time. */
export function standardNormal(seed: number): () => number {
  const next = mulberry32(seed)
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    const angle = 2 * Math.PI * next()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
