import { ResnetError } from '@resnet-ts/graph'

/** An image's name and its features. */
export interface Embedding {
  readonly file: string
  /** `[dimension]`, finite. */
  readonly vector: Float32Array
}

/** What is known of a file of embeddings before it is written. */
export interface EmbeddingsShape {
  readonly count: number
  readonly dimension: number
  /** Code points of the longest name. */
  readonly longestName: number
}

/** A way to keep embeddings in a file: names and vectors together, in order. */
export interface EmbeddingsFormat {
  /** The file's bytes, piece by piece. */
  encode(embeddings: AsyncIterable<Embedding>, shape: EmbeddingsShape): AsyncIterable<Uint8Array>
  /**
   * The embeddings of a file, one after another.
   *
   * @param dimension - how long each vector must be
   * @throws {EmbeddingsError} when the file cannot be read, is malformed, or has other vectors
   */
  read(path: string, dimension: number): AsyncIterable<Embedding>
}

/** A file of embeddings, or a journal of them, that cannot be read. */
export class EmbeddingsError extends ResnetError {
  override readonly name: string = 'EmbeddingsError'
}

/** The most bytes that a name may have, so that no file makes us allocate without end. */
export const longestNameBytes = 65_535

/**
 * An embedding that a file gave, if it is one.
 *
 * @param subject - the file and the place in it
 * @throws {EmbeddingsError} when the vector has another length or numbers that are not finite
 */
export function checked(file: string, vector: Float32Array, dimension: number, subject: string): Embedding {
  if (vector.length !== dimension) throw otherDimension(subject, dimension, vector.length)
  if (vector.every(Number.isFinite)) return { file, vector }
  throw new EmbeddingsError({ subject, expected: 'finite numbers of 32 bits', found: 'others' })
}

/** The error for vectors that another model made. */
export function otherDimension(subject: string, expected: number, found: number): EmbeddingsError {
  return new EmbeddingsError({
    subject,
    expected: `vectors of ${expected} numbers, as the model gives`,
    found: `${found}`,
    advice: 'give the model that made the file: --model NAME, with its --weights and --config',
  })
}
