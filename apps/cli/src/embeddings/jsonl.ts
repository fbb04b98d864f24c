import { checked, type Embedding, EmbeddingsError, type EmbeddingsFormat } from './embedding.js'
import { shortest } from './floats.js'
import { openSource } from './source.js'

/** JSON Lines: `{"file": "…", "vector": […]}` a line, each number in as few digits as give it back. */
export const jsonl: EmbeddingsFormat = { encode, read }

async function* encode(embeddings: AsyncIterable<Embedding>): AsyncGenerator<Uint8Array, void> {
  for await (const { file, vector } of embeddings) {
    yield Buffer.from(`{"file": ${JSON.stringify(file)}, "vector": [${Array.from(vector, digits).join(', ')}]}\n`)
  }
}

function digits(value: number): string {
  return Object.is(value, -0) ? '-0' : String(shortest(value))
}

async function* read(path: string, dimension: number): AsyncGenerator<Embedding, void> {
  const subject = `file '${path}'`
  const source = await openSource(path, subject)
  try {
    let number = 0
    for await (const line of linesOf(source.chunks(), longestLine(dimension), subject)) {
      number += 1
      if (line.trim() !== '') yield readLine(line, dimension, `${subject}, line ${number}`)
    }
  } finally {
    await source.close()
  }
}

/** Bytes that the line of an embedding may have: a long name, and numbers with all the digits and spaces there are. */
function longestLine(dimension: number): number {
  return 2 ** 20 + 64 * dimension
}

async function* linesOf(chunks: AsyncIterable<Buffer>, longest: number, subject: string): AsyncGenerator<string, void> {
  let pending: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...pending, chunk.subarray(start, end)]).toString()
      pending = []
      size = 0
      start = end + 1
    }
    pending.push(chunk.subarray(start))
    size += chunk.length - start
    if (size > longest) {
      throw new EmbeddingsError({ subject, expected: `lines of at most ${longest} bytes`, found: 'a longer one' })
    }
  }
  if (size > 0) yield Buffer.concat(pending).toString()
}

function readLine(line: string, dimension: number, subject: string): Embedding {
  const expected = 'a JSON object {"file": "…", "vector": […]}'
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch (cause) {
    throw new EmbeddingsError({ subject, expected, found: `no JSON (${(cause as Error).message})`, cause })
  }
  if (isEmbedding(found)) return checked(found.file, Float32Array.from(found.vector), dimension, subject)
  throw new EmbeddingsError({ subject, expected, found: line.length > 80 ? `${line.slice(0, 80)}…` : line })
}

function isEmbedding(value: unknown): value is { readonly file: string; readonly vector: readonly number[] } {
  if (typeof value !== 'object' || value === null) return false
  const { file, vector } = value as Readonly<Record<string, unknown>>
  return typeof file === 'string' && Array.isArray(vector) && vector.every((number) => typeof number === 'number')
}
