import type { Coefficients } from '../coefficients.js'

/** Coefficients as the kernels of assembly/ take them: assembly/weights.ts lays them out. */
export interface Taps {
  readonly words: Int32Array
  /** Where the taps of each position begin, in words; after the last, where they end. */
  readonly starts: Int32Array
}

/**
 * Packs coefficients.
 *
 * @param origin the neighbour that the kernel has first
 * @param step bytes from one neighbour to the next
 * @param multiple how many pairs of neighbours the kernel takes at once
 */
export function packTaps(coefficients: Coefficients, origin: number, step: number, multiple: number): Taps {
  const { starts, lengths, weights, stride } = coefficients
  const count = starts.length
  const pairsOf = (i: number) => Math.ceil(lengths[i]! / 2 / multiple) * multiple
  const begins = new Int32Array(count + 1)
  for (let i = 0; i < count; i++) begins[i + 1] = begins[i]! + 2 + 2 * pairsOf(i)
  const words = new Int32Array(begins[count]!)
  const halves = new Int16Array(words.buffer)
  for (let i = 0; i < count; i++) {
    const begin = begins[i]!
    words[begin] = (starts[i]! - origin) * step
    words[begin + 1] = pairsOf(i)
    for (let k = 0; k < lengths[i]!; k++) {
      const weight = weights[i * stride + k]!
      const at = (begin + 2) * 2 + (k >> 1) * 4 + (k & 1)
      // Rounded up where the low half, which is signed, is negative.
      halves[at] = (weight + 0x8000) >> 16
      halves[at + 2] = weight
    }
  }
  return { words, starts: begins }
}
