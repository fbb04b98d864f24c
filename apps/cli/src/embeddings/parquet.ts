import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { ErrorDetails } from '@resnet-ts/graph'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { type Embedding, EmbeddingsError, type EmbeddingsFormat, type EmbeddingsShape } from './embedding.js'
import { readRecords } from './records.js'

/** Apache Parquet: the columns `file`, a string, and `vector`, a list of float. */
export const parquet: EmbeddingsFormat = {
  encode,
  async *read(path, dimension) {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    yield* readWithin(path, dimension, patienceWith(size))
  },
}

const schema: SchemaElement[] = [
  { name: 'schema', num_children: 2 },
  {
    name: 'file',
    type: 'BYTE_ARRAY',
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
    repetition_type: 'REQUIRED',
  },
  {
    name: 'vector',
    converted_type: 'LIST',
    logical_type: { type: 'LIST' },
    repetition_type: 'REQUIRED',
    num_children: 1,
  },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
]

/** Numbers of a row group: what is held at once, and read back at once. */
const groupValues = 2 ** 19

async function* encode(embeddings: AsyncIterable<Embedding>, shape: EmbeddingsShape): AsyncGenerator<Uint8Array, void> {
  const bytes = new ByteWriter()
  // Numbers such as these are not made smaller by the codecs there are.
  const writer = new ParquetWriter({ writer: bytes, schema, codec: 'UNCOMPRESSED', createdBy: 'resnet-ts' })
  const written = () => {
    const piece = bytes.getBytes().slice()
    bytes.index = 0
    return piece
  }
  const groupRows = Math.max(1, Math.floor(groupValues / shape.dimension))
  let rows: Embedding[] = []
  const writeGroup = async () => {
    await writer.write({
      columnData: [
        { name: 'file', data: rows.map(({ file }) => file), encoding: 'PLAIN' },
        { name: 'vector', data: rows.map(({ vector }) => Array.from(vector)), encoding: 'PLAIN', statistics: false },
      ],
      rowGroupSize: rows.length,
    })
    rows = []
    return written()
  }
  for await (const embedding of embeddings) {
    rows.push(embedding)
    if (rows.length === groupRows) yield await writeGroup()
  }
  if (rows.length > 0) yield await writeGroup()
  await writer.finish()
  yield written()
}

// The library that reads Parquet takes a file at its word: one that lies about its lengths makes it fill the memory, with
// which the process ends, or read for ever. So it runs in a process of its own, and what it finds comes back as records.

/** From here, since only what is built can be run. */
const reader = fileURLToPath(new URL('../../dist/embeddings/parquetReader.js', import.meta.url))

/** Megabytes of memory for the reader: several times what the largest row group takes that it accepts. */
const readerMemory = 3072

/**
 * Milliseconds without anything after which the reader is taken to be lost: a megabyte a second is several times slower
 * than it is on a busy machine, and 256 of them are the most that it takes at once.
 */
function patienceWith(size: number): number {
  return 20_000 + Math.min(size, 2 ** 28) / 1000
}

/** The embeddings of a file, if each next one comes within some milliseconds. */
export async function* readWithin(path: string, dimension: number, patience: number): AsyncGenerator<Embedding, void> {
  const subject = `file '${path}'`
  const flags = ['--no-warnings', `--max-old-space-size=${readerMemory}`]
  const child = spawn(process.execPath, [...flags, reader, path, String(dimension)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ending = Promise.all([once(child, 'close') as Promise<[code: number | null]>, text(child.stderr)])
  // Awaited only after the last record; whoever stops before is not told.
  ending.catch(() => undefined)
  let lost = false
  const watchdog = setTimeout(() => {
    lost = true
    child.kill('SIGKILL')
  }, patience)
  /** Bytes that are no records yet. */
  let left = 0
  const chunks = async function* () {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      left += chunk.length
      watchdog.refresh()
      yield chunk
    }
  }
  try {
    for await (const { embedding, size } of readRecords(chunks(), dimension)) {
      left -= size
      yield embedding
    }
    const [[code], said] = await ending
    if (code === 0 && left === 0) return
    const found = `data that takes more ${lost ? 'time' : 'memory'} to read than a whole file could`
    throw new EmbeddingsError(detailsIn(said) ?? { subject, expected: 'an intact Parquet file', found })
  } finally {
    clearTimeout(watchdog)
    child.kill()
  }
}

/** What the reader says is wrong, if it did not just end. */
function detailsIn(said: string): ErrorDetails | undefined {
  try {
    return JSON.parse(said) as ErrorDetails
  } catch {
    return undefined
  }
}
