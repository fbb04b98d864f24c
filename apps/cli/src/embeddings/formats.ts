import { extname } from 'node:path'
import { type Embedding, EmbeddingsError, type EmbeddingsFormat } from './embedding.js'
import { openSource } from './source.js'

// What a format takes is imported when it is met.

/** The formats there are, by the extension of the file. */
const formats = {
  '.npy': async () => (await import('./npy.js')).npy,
  '.jsonl': async () => (await import('./jsonl.js')).jsonl,
  '.parquet': async () => (await import('./parquet.js')).parquet,
} satisfies Readonly<Record<string, () => Promise<EmbeddingsFormat>>>

type Extension = keyof typeof formats

/** The format of a file that is to be written, by its extension, which must be one of them. */
export function formatOf(path: string): Promise<EmbeddingsFormat> {
  return formats[extname(path).toLowerCase() as Extension]()
}

/**
 * The embeddings of a file, in whatever format its content is.
 *
 * @param dimension - how long each vector must be
 * @throws {EmbeddingsError} when the file cannot be read, is malformed, or has other vectors
 */
export async function* readEmbeddings(path: string, dimension: number): AsyncGenerator<Embedding, void> {
  const format = await formats[await recognise(path)]()
  yield* format.read(path, dimension)
}

/**
 * Which of the formats a file's content has.
 *
 * @throws {EmbeddingsError} when it cannot be read, or has none of them
 */
export async function recognise(path: string): Promise<Extension> {
  const subject = `file '${path}'`
  const source = await openSource(path, subject)
  try {
    const head = (await source.bytes(0, Math.min(source.size, 64))).toString('latin1')
    if (head.startsWith('\x93NUMPY')) return '.npy'
    if (head.startsWith('PAR1')) return '.parquet'
    if (head.trimStart().startsWith('{')) return '.jsonl'
    throw new EmbeddingsError({
      subject,
      expected: 'embeddings, as resnet embed writes them',
      found: source.size === 0 ? 'an empty file' : 'a file of another kind',
    })
  } finally {
    await source.close()
  }
}
