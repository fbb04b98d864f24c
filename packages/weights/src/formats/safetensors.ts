import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { bitsPerElement, decode } from '../dtypes.js'
import { CheckpointError } from '../errors.js'
import { describeShape, quote } from '../text.js'
import { HeaderReader } from './headerReader.js'

/** The format's own limit, so that a file cannot make its reader take any amount of memory. */
export const longestHeader = 100_000_000

/** What the header says of one tensor. */
interface Entry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its bytes are, counted from the end of the header. */
  readonly begin: number
  readonly end: number
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>
  readonly entries: readonly Entry[]
}

/**
 * A safetensors file's tensors, as views of `bytes`. The format: eight bytes, the header's length (unsigned,
 * little-endian); the header, a JSON object of `{ dtype, shape, data_offsets }` by name, and perhaps a text-to-text
 * `__metadata__`; then the tensors' bytes, which must follow each other without overlap or hole up to the file's end
 * (https://github.com/huggingface/safetensors#format). All of it is checked here, before anything is allocated for a
 * tensor. Tensors of types that cannot be read (`num_batches_tracked` is I64) are listed, and fail when read.
 *
 * @throws {CheckpointError} when the file is malformed in any way
 */
export function parseSafetensors(bytes: Uint8Array): Checkpoint {
  // Whatever view it is (Node's Buffer slices differently), work on a plain one.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const dataStart = 8 + headerLength(file)
  const { metadata, entries } = readHeader(file.subarray(8, dataStart))
  const data = file.subarray(dataStart)
  for (const entry of entries) checkEntry(entry, data.length)
  checkCoverage(entries, data.length)
  return {
    format: 'safetensors',
    metadata,
    tensors: new Map(entries.map((entry) => [entry.name, tensorOf(entry, data)])),
  }
}

function headerLength(file: Uint8Array): number {
  const subject = 'safetensors file'
  if (file.length < 8) {
    throw new CheckpointError({ subject, expected: 'at least 8 bytes', found: String(file.length) })
  }
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)
  if (length > longestHeader) {
    throw new CheckpointError({
      subject,
      expected: `a header of at most ${longestHeader} bytes`,
      found: String(length),
    })
  }
  if (Number(length) > file.length - 8) {
    throw new CheckpointError({
      subject,
      expected: `a header of ${length} bytes, as it announces`,
      found: `${file.length - 8} bytes up to its end`,
      advice: 'it may have been cut short: fetch it again',
    })
  }
  return Number(length)
}

function readHeader(bytes: Uint8Array): Header {
  const reader = new HeaderReader(bytes, 'safetensors header')
  if (bytes[0] !== 0x7b)
    reader.fail("'{' as its first byte", bytes.length === 0 ? 'nothing' : `byte 0x${hex(bytes[0]!)}`)
  let metadata = new Map<string, string>()
  const entries: Entry[] = []
  reader.object((name) => {
    if (name === '__metadata__') metadata = readMetadata(reader)
    else entries.push(readEntry(reader, name))
  })
  reader.end()
  return { metadata: Object.fromEntries(metadata), entries }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function readMetadata(reader: HeaderReader): Map<string, string> {
  const metadata = new Map<string, string>()
  reader.object((key) => metadata.set(key, reader.string()))
  return metadata
}

function readEntry(reader: HeaderReader, name: string): Entry {
  let dtype: string | undefined
  let shape: readonly number[] | undefined
  let offsets: readonly number[] | undefined
  reader.object((field) => {
    if (field === 'dtype') dtype = reader.string()
    else if (field === 'shape') shape = reader.integers()
    else if (field === 'data_offsets') offsets = reader.integers()
    else reader.fail(`only dtype, shape and data_offsets for tensor ${quote(name)}`, quote(field))
  })
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    return reader.fail(`dtype, shape and data_offsets for tensor ${quote(name)}`, 'not all of them')
  }
  const [begin, end] = offsets
  if (offsets.length !== 2 || begin === undefined || end === undefined) {
    return reader.fail(`two data_offsets for tensor ${quote(name)}`, String(offsets.length))
  }
  return { name, dtype, shape, begin, end }
}

function checkEntry({ name, dtype, shape, begin, end }: Entry, dataLength: number): void {
  const fail = (expected: string, found: string, advice?: string): never => {
    throw new CheckpointError({ subject: `tensor ${quote(name)}`, expected, found, advice })
  }
  const bits = bitsPerElement.get(dtype) ?? fail('an element type of the safetensors format', quote(dtype))
  let bitCount = bits
  for (const size of shape) {
    bitCount *= size
    if (bitCount > Number.MAX_SAFE_INTEGER) fail('a size below 2^53 bits', `the shape ${describeShape(shape)}`)
  }
  if (bitCount % 8 !== 0) fail('a whole number of bytes', `${bitCount} bits of ${dtype} ${describeShape(shape)}`)
  if (begin > end || end - begin !== bitCount / 8) {
    fail(`${bitCount / 8} bytes for ${dtype} ${describeShape(shape)}`, `data_offsets from ${begin} to ${end}`)
  }
  if (end > dataLength) {
    const found = `data_offsets from ${begin} to ${end}`
    fail(
      `its bytes among the file's ${dataLength} bytes of data`,
      found,
      'the file may have been cut short: fetch it again',
    )
  }
}

/** Tensors must cover the data once and wholly, so that nothing can hide in a file. */
function checkCoverage(entries: readonly Entry[], dataLength: number): void {
  let covered = 0
  let last = 'the header'
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw new CheckpointError({
        subject: `tensor ${quote(name)}`,
        expected: `its bytes to begin at ${covered}, where those of ${last} end`,
        found: `${begin}, ${begin < covered ? 'an overlap' : 'a hole'}`,
      })
    }
    covered = end
    last = quote(name)
  }
  if (covered !== dataLength) {
    throw new CheckpointError({
      subject: 'safetensors file',
      expected: `its end after ${covered} bytes of data`,
      found: `${dataLength - covered} more that belong to no tensor`,
    })
  }
}

function tensorOf({ name, dtype, shape, begin, end }: Entry, data: Uint8Array): CheckpointTensor {
  return {
    dtype,
    shape,
    read: () => decode(name, dtype, data.subarray(begin, end)),
  }
}
