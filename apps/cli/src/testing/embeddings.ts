import type { Embedding } from '../embeddings/embedding.js'

/** Embeddings as a sequence that is awaited. */
export async function* sequence(embeddings: readonly Embedding[]): AsyncGenerator<Embedding, void> {
  yield* embeddings
}

/** All of a sequence. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** All bytes of a file that comes in pieces. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(pieces))
}

/** Some embeddings that differ from each other, always the same. */
export function someEmbeddings(count: number, dimension: number): Embedding[] {
  return Array.from({ length: count }, (_, row) => ({
    file: `${row}.png`,
    vector: Float32Array.from({ length: dimension }, (_, column) => Math.sin(1 + row * dimension + column)),
  }))
}

/** What a file of embeddings is told before it is written. */
export function shapeOf(embeddings: readonly Embedding[], dimension: number) {
  const longestName = Math.max(0, ...embeddings.map(({ file }) => [...file].length))
  return { count: embeddings.length, dimension, longestName }
}
