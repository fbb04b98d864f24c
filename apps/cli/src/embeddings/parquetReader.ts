import { writeSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { ErrorDetails } from '@resnet-ts/graph'
import { type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema, type SchemaTree } from 'hyparquet'
import { checked, type Embedding, EmbeddingsError } from './embedding.js'
import { encodeRecord } from './records.js'
import { openSource, type Source } from './source.js'

// A program of its own, which `parquet.ts` starts: its arguments are the file and the length of the vectors. It writes
// records to stdout, and the details of an error to stderr, as JSON.

/** Bytes of a column in a row group, which have to fit into memory several times. */
const largestChunk = 2 ** 28

/** Bytes of the footer, which lists the row groups. */
const largestFooter = 2 ** 28

const [path = '', dimension = ''] = process.argv.slice(2)

// The library leaves some of its promises alone.
process.on('unhandledRejection', fail)
try {
  await pipeline(records(path, Number(dimension)), process.stdout)
} catch (error) {
  fail(error)
}

function fail(error: unknown): never {
  const subject = `file '${path}'`
  const details: ErrorDetails =
    error instanceof EmbeddingsError
      ? error.details
      : { ...intact(subject), found: 'damaged data', cause: String(error) }
  writeSync(2, JSON.stringify(details))
  process.exit(1)
}

async function* records(path: string, dimension: number): AsyncGenerator<Buffer, void> {
  for await (const embedding of embeddingsIn(path, dimension)) yield encodeRecord(embedding)
}

async function* embeddingsIn(path: string, dimension: number): AsyncGenerator<Embedding, void> {
  const subject = `file '${path}'`
  const source = await openSource(path, subject)
  try {
    const file = {
      byteLength: source.size,
      slice: async (start: number, end = source.size) => sliceOf(source, start, end),
    }
    await checkFooter(source, subject)
    const metadata = await parquetMetadataAsync(file, { geoparquet: false })
    checkColumns(metadata, subject)
    let rowStart = 0
    for (const [index, group] of metadata.row_groups.entries()) {
      checkGroup(group, `${subject}, row group ${index}`)
      const rowEnd = rowStart + Number(group.num_rows)
      const rows = await parquetReadObjects({ file, metadata, columns: ['file', 'vector'], rowStart, rowEnd })
      if (rows.length !== rowEnd - rowStart) {
        throw new EmbeddingsError({ ...intact(subject), found: `row group ${index} with ${rows.length} rows` })
      }
      for (const [offset, row] of rows.entries()) yield readRow(row, dimension, `${subject}, row ${rowStart + offset}`)
      rowStart = rowEnd
    }
  } finally {
    await source.close()
  }
}

async function sliceOf(source: Source, start: number, end: number): Promise<ArrayBuffer> {
  if (!(start >= 0 && start <= end && end <= source.size)) throw new RangeError('a place outside of the file')
  const bytes = await source.bytes(start, end)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}

async function checkFooter(source: Source, subject: string): Promise<void> {
  if (source.size < 12) throw new EmbeddingsError({ ...intact(subject), found: `${source.size} bytes` })
  const footer = await source.bytes(source.size - 8, source.size)
  if (footer.toString('latin1', 4) !== 'PAR1') {
    throw new EmbeddingsError({ ...intact(subject), found: 'one without its end' })
  }
  const size = footer.readUInt32LE(0)
  if (size <= Math.min(largestFooter, source.size - 12)) return
  throw new EmbeddingsError({ ...intact(subject), found: `a footer of ${size} bytes` })
}

function checkColumns(metadata: FileMetaData, subject: string): void {
  const columns = parquetSchema(metadata).children
  const leafOf = (node: SchemaTree): SchemaTree => (node.children.length === 1 ? leafOf(node.children[0]!) : node)
  const typeOf = (name: string) => {
    const column = columns.find(({ element }) => element.name === name)
    return column && leafOf(column).element.type
  }
  const vector = typeOf('vector')
  if (typeOf('file') === 'BYTE_ARRAY' && (vector === 'FLOAT' || vector === 'DOUBLE')) return
  const found = columns.map(({ element }) => `${element.name} (${typeOf(element.name) ?? 'a group'})`)
  throw new EmbeddingsError({
    subject,
    expected: "the columns 'file', a string, and 'vector', a list of float",
    found: found.join(', ') || 'none',
  })
}

function checkGroup({ columns }: FileMetaData['row_groups'][number], subject: string): void {
  for (const { meta_data: column } of columns) {
    if (!column || !['file', 'vector'].includes(column.path_in_schema[0] ?? '')) continue
    if (column.codec !== 'UNCOMPRESSED' && column.codec !== 'SNAPPY') {
      const expected = 'columns that are compressed with snappy, or not at all'
      throw new EmbeddingsError({ subject, expected, found: `${column.codec}`, advice: 'write the file like that' })
    }
    const size = Math.max(Number(column.total_uncompressed_size), Number(column.total_compressed_size))
    if (size > largestChunk) {
      const expected = `columns of at most ${largestChunk} bytes`
      throw new EmbeddingsError({ subject, expected, found: `${size}`, advice: 'write it with smaller row groups' })
    }
  }
}

function readRow({ file, vector }: Record<string, unknown>, dimension: number, subject: string): Embedding {
  const numbers = ArrayBuffer.isView(vector) ? Array.from(vector as Float32Array) : vector
  if (typeof file === 'string' && Array.isArray(numbers) && numbers.every((number) => typeof number === 'number')) {
    return checked(file, Float32Array.from(numbers), dimension, subject)
  }
  throw new EmbeddingsError({ subject, expected: 'a name and a list of numbers', found: 'something else' })
}

function intact(subject: string) {
  return { subject, expected: 'an intact Parquet file' }
}
