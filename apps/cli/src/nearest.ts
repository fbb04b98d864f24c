/** A file that is similar to what is looked for. */
export interface Similar {
  readonly file: string
  /** The cosine of the angle between the vectors, in [-1, 1]; 0 for a vector of zeros, which has no direction. */
  readonly similarity: number
}

interface Candidate extends Similar {
  /** Its place among all that were added. */
  readonly place: number
}

/** The most similar of any number of vectors, of which only the best are kept; of equal ones, those that came first. */
export class Nearest {
  readonly #wanted: Float32Array
  readonly #length: number
  readonly #count: number
  /** Up to twice as many as are wanted, so that they are sorted seldom. */
  #candidates: Candidate[] = []
  /** What a candidate must exceed once there are enough. */
  #least = Number.NEGATIVE_INFINITY
  #added = 0

  /**
   * @param wanted - what the others are compared with
   * @param count - how many are wanted
   */
  constructor(wanted: Float32Array, count: number) {
    this.#wanted = wanted
    this.#length = lengthOf(wanted)
    this.#count = count
  }

  /** How many there were. */
  get added(): number {
    return this.#added
  }

  add(file: string, vector: Float32Array): void {
    const place = this.#added++
    const similarity = this.#similarityTo(vector)
    if (similarity <= this.#least) return
    this.#candidates.push({ file, similarity, place })
    if (this.#candidates.length >= 2 * this.#count) this.#cut()
  }

  /** The most similar first. */
  results(): readonly Similar[] {
    this.#cut()
    return this.#candidates.map(({ file, similarity }) => ({ file, similarity }))
  }

  #cut(): void {
    this.#candidates.sort((left, right) => right.similarity - left.similarity || left.place - right.place)
    this.#candidates = this.#candidates.slice(0, this.#count)
    if (this.#candidates.length === this.#count) this.#least = this.#candidates.at(-1)!.similarity
  }

  #similarityTo(vector: Float32Array): number {
    const length = lengthOf(vector)
    if (length === 0 || this.#length === 0) return 0
    let product = 0
    for (let index = 0; index < vector.length; index++) product += vector[index]! * this.#wanted[index]!
    return Math.min(1, Math.max(-1, product / (length * this.#length)))
  }
}

/** Euclidean. */
export function lengthOf(vector: Float32Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  return Math.sqrt(sum)
}
