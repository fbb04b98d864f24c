import {
  checked,
  type Embedding,
  EmbeddingsError,
  type EmbeddingsFormat,
  type EmbeddingsShape,
  longestNameBytes,
  otherDimension,
} from './embedding.js'
import { readFloats, writeFloats } from './floats.js'
import { openSource, type Source } from './source.js'

/**
 * NumPy's file of an array (NEP 1): one structured record an image, with the fields `file` (UCS-4, zeros behind it) and
 * `vector`. `numpy.load` takes it without pickle.
 */
export const npy: EmbeddingsFormat = { encode, read }

const magic = Buffer.from('\x93NUMPY', 'latin1')

/** As NumPy's own limit: what is longer could make its parser slow. */
const longestHeader = 10_000

/** How many bytes are read at once. */
const blockSize = 2 ** 20

async function* encode(embeddings: AsyncIterable<Embedding>, shape: EmbeddingsShape): AsyncGenerator<Uint8Array, void> {
  const nameLength = Math.max(1, shape.longestName)
  yield encodeHeader({ count: shape.count, nameLength, dimension: shape.dimension })
  for await (const { file, vector } of embeddings) {
    const record = Buffer.alloc(nameLength * 4 + vector.length * 4)
    for (const [index, character] of [...file].entries()) record.writeUInt32LE(character.codePointAt(0)!, index * 4)
    writeFloats(vector, record, nameLength * 4)
    yield record
  }
}

async function* read(path: string, dimension: number): AsyncGenerator<Embedding, void> {
  const subject = `file '${path}'`
  const source = await openSource(path, subject)
  try {
    const layout = await readHeader(source, subject)
    if (layout.dimension !== dimension) throw otherDimension(subject, dimension, layout.dimension)
    const records = Math.max(1, Math.floor(blockSize / layout.recordSize))
    for (let first = 0; first < layout.count; first += records) {
      const start = layout.start + first * layout.recordSize
      const count = Math.min(records, layout.count - first)
      const block = await source.bytes(start, start + count * layout.recordSize)
      for (let index = 0; index < count; index++) {
        const place = `${subject}, record ${first + index}`
        yield readRecord(block, index * layout.recordSize, layout, place)
      }
    }
  } finally {
    await source.close()
  }
}

/** What the header says of the array. */
interface Header {
  readonly count: number
  /** Code points of a name. */
  readonly nameLength: number
  readonly dimension: number
}

/** Where everything is; sizes and offsets in bytes. */
interface Layout extends Header {
  readonly start: number
  readonly recordSize: number
  readonly nameOffset: number
  readonly vectorOffset: number
  readonly numberSize: 4 | 8
}

function encodeHeader({ count, nameLength, dimension }: Header): Buffer {
  const descr = `[('file', '<U${nameLength}'), ('vector', '<f4', (${dimension},))]`
  const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${count},), }`
  // Version 1.0; spaces and a line feed fill it up to a multiple of 64 bytes.
  const size = Math.ceil((magic.length + 4 + text.length + 1) / 64) * 64
  const header = Buffer.alloc(size, ' ')
  header.set(magic)
  header.set([1, 0], magic.length)
  header.writeUInt16LE(size - magic.length - 4, magic.length + 2)
  header.write(text, magic.length + 4, 'latin1')
  header.write('\n', size - 1)
  return header
}

const nameField = String.raw`\( *'file', *'<U(?<name>\d{1,9})' *,? *\)`
const vectorField = String.raw`\( *'vector', *'<f(?<size>[48])', *\( *(?<dimension>\d{1,9}) *,? *\) *,? *\)`
const array = (fields: string) =>
  new RegExp(
    String.raw`^\{ *'descr': *\[${fields},? *\], *'fortran_order': *(?:True|False), *'shape': *\((?<count>\d{1,15}),\) *,? *\} *\n?$`,
  )
/** The two orders that the fields may have. */
const nameFirst = array(`${nameField}, *${vectorField}`)
const vectorFirst = array(`${vectorField}, *${nameField}`)

async function readHeader(source: Source, subject: string): Promise<Layout> {
  const { start, text } = await readHeaderText(source, subject)
  const match = nameFirst.exec(text) ?? vectorFirst.exec(text)
  const groups = match?.groups
  if (!match || !groups) {
    throw malformed(subject, "an array with the fields 'file' and 'vector'", text.trimEnd().slice(0, 200))
  }
  const [count, nameLength, dimension] = [Number(groups.count), Number(groups.name), Number(groups.dimension)]
  const numberSize = groups.size === '8' ? 8 : 4
  if (nameLength > longestNameBytes) {
    throw malformed(subject, `names of at most ${longestNameBytes} characters`, `${nameLength}`)
  }
  const [nameSize, vectorSize] = [nameLength * 4, dimension * numberSize]
  const recordSize = nameSize + vectorSize
  const size = start + count * recordSize
  if (size !== source.size) throw malformed(subject, `${size} bytes, as its header says`, `${source.size}`)
  const swapped = nameFirst.exec(text) === null
  const [nameOffset, vectorOffset] = swapped ? [vectorSize, 0] : [0, nameSize]
  return { count, nameLength, dimension, start, recordSize, nameOffset, vectorOffset, numberSize }
}

async function readHeaderText(
  source: Source,
  subject: string,
): Promise<{ readonly start: number; readonly text: string }> {
  const expected = 'a NumPy file'
  const head = await source.bytes(0, Math.min(source.size, 12))
  const major = head[magic.length]
  if (head.length < 12 || !head.subarray(0, magic.length).equals(magic)) {
    throw malformed(subject, expected, 'something else')
  }
  if (major !== 1 && major !== 2 && major !== 3) {
    throw malformed(subject, `${expected} of version 1, 2 or 3`, `${major}`)
  }
  const [prefix, length] = major === 1 ? [10, head.readUInt16LE(8)] : [12, head.readUInt32LE(8)]
  if (length > longestHeader) throw malformed(subject, `a header of at most ${longestHeader} bytes`, `${length}`)
  if (prefix + length > source.size) throw malformed(subject, 'a whole header', 'one that is cut off')
  const text = (await source.bytes(prefix, prefix + length)).toString('latin1')
  return { start: prefix + length, text }
}

function readRecord(block: Buffer, offset: number, layout: Layout, subject: string): Embedding {
  const points: number[] = []
  for (let index = 0; index < layout.nameLength; index++) {
    const point = block.readUInt32LE(offset + layout.nameOffset + index * 4)
    if (point === 0) break
    if (point > 0x10ffff) throw malformed(subject, 'a name of Unicode characters', `the number ${point}`)
    points.push(point)
  }
  const vector = readFloats(block, offset + layout.vectorOffset, layout.dimension, layout.numberSize)
  return checked(points.map((point) => String.fromCodePoint(point)).join(''), vector, layout.dimension, subject)
}

function malformed(subject: string, expected: string, found: string): EmbeddingsError {
  return new EmbeddingsError({ subject, expected, found })
}
