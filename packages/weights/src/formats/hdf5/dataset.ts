import { sizeOf } from '@resnet-ts/graph'
import { describeShape, quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { type Chunked, readChunks } from './chunks.js'
import { type Message, messageTypes, readAddress, readerAt } from './header.js'

/** An array in the file. */
export interface Dataset {
  /** By the safetensors name; nothing for what are not numbers. */
  readonly dtype: string | undefined
  readonly shape: readonly number[]
  /** Bytes an element. */
  readonly width: number
  /** Bytes that it takes when it is read, beyond the file's own: none for one that lies in the file in one piece. */
  readonly inflated: number
  /** The elements row by row: a view of the file where that can be. */
  read(): Uint8Array
}

/** The array whose header has these messages; nothing when it is a group. */
export function readDataset(file: Uint8Array, path: string, messages: readonly Message[]): Dataset | undefined {
  const reader = (type: number): ByteReader | undefined => {
    const message = messages.find((candidate) => candidate.type === type)
    const found = message && new ByteReader(message.bytes, `HDF5 dataset ${quote(path)}`)
    if (message?.shared) found?.fail('a property of its own', 'one that is shared')
    return found
  }
  const [space, type, layout] = [messageTypes.dataspace, messageTypes.datatype, messageTypes.layout].map(reader)
  if (!space || !type || !layout) return undefined
  const shape = readShape(space)
  const { dtype, width } = readType(type)
  const size = sizeOf(shape) * width
  if (!Number.isSafeInteger(size)) space.fail('a size below 2^53 bytes', `the shape ${describeShape(shape)}`)
  const found = readLayout(file, layout, { size, shape, width, filters: reader(messageTypes.filters) })
  return { dtype, shape, width, ...found }
}

export function readShape(reader: ByteReader): readonly number[] {
  const version = reader.u8()
  const rank = reader.u8()
  reader.take(1)
  if (version !== 1 && version !== 2) reader.fail('a dataspace of version 1 or 2', String(version))
  if (rank > 32) reader.fail('at most 32 dimensions', String(rank))
  if (version === 1) reader.take(5)
  // Type 2 is that of nothing at all.
  else if (reader.u8() === 2) return [0]
  return Array.from({ length: rank }, () => reader.u64())
}

const classes = { integer: 0, float: 1, string: 3, enumeration: 8, variable: 9 } as const

/** The type of an array's elements, as far as weights need it. */
function readType(reader: ByteReader): { readonly dtype: string | undefined; readonly width: number } {
  const kind = reader.u8() & 15
  const bits = reader.u8()
  reader.take(2)
  const width = reader.u32()
  if (width === 0) reader.fail('elements of some size', 'of none')
  if (kind === classes.float) {
    reader.take(5)
    const exponent = reader.u8()
    const dtype = width === 2 && exponent === 8 ? 'BF16' : { 2: 'F16', 4: 'F32', 8: 'F64' }[width]
    if (dtype && bits & 1) reader.fail('little-endian numbers', 'big-endian ones', 'write them as little-endian')
    return { dtype, width }
  }
  if (kind === classes.integer && [1, 2, 4, 8].includes(width)) {
    return { dtype: `${bits & 8 ? 'I' : 'U'}${8 * width}`, width }
  }
  return { dtype: undefined, width }
}

interface Expected {
  readonly size: number
  readonly shape: readonly number[]
  readonly width: number
  readonly filters: ByteReader | undefined
}

function readLayout(file: Uint8Array, reader: ByteReader, expected: Expected): Pick<Dataset, 'inflated' | 'read'> {
  const { size } = expected
  const version = reader.u8()
  const kind = reader.u8()
  if (version !== 3 && (version !== 4 || kind === 2)) {
    reader.fail(
      'an array as Keras writes it',
      `one of layout version ${version}`,
      "write the file with libver='earliest'",
    )
  }
  if (kind === 2) return chunked(file, reader, expected)
  if (kind !== 0 && kind !== 1) reader.fail('an array in one piece or in chunks', `layout ${kind}`)
  const data = kind === 0 ? reader.take(reader.u16()) : contiguous(file, reader, size)
  if (data.length < size) reader.fail(`${size} bytes for ${describeShape(expected.shape)}`, String(data.length))
  return { inflated: 0, read: () => data.subarray(0, size) }
}

function contiguous(file: Uint8Array, reader: ByteReader, size: number): Uint8Array {
  const address = readAddress(reader)
  const stored = reader.u64()
  // An array that was never written has no place.
  if (address === undefined) return size === 0 ? new Uint8Array() : reader.fail('elements', 'none that were written')
  return readerAt(file, address, 'dataset').take(stored)
}

function chunked(file: Uint8Array, reader: ByteReader, expected: Expected): Pick<Dataset, 'inflated' | 'read'> {
  const { shape, width, size, filters } = expected
  const rank = reader.u8() - 1
  const tree = readAddress(reader)
  const chunk = Array.from({ length: Math.max(0, rank) }, () => reader.u32())
  const elementSize = reader.u32()
  if (rank !== shape.length || rank === 0 || elementSize !== width || chunk.some((side) => side === 0)) {
    reader.fail(`chunks for ${describeShape(shape)}`, describeShape(chunk))
  }
  if (tree === undefined)
    return size === 0 ? { inflated: 0, read: () => new Uint8Array() } : reader.fail('chunks', 'none')
  const layout: Chunked = { shape, width, chunk, tree, filters: filters ? readFilters(filters) : [] }
  return { inflated: size, read: () => readChunks(file, layout) }
}

/** The numbers of the filters that chunks went through, in order. */
function readFilters(reader: ByteReader): readonly number[] {
  const version = reader.u8()
  const count = reader.u8()
  if (version !== 1 && version !== 2) reader.fail('filters of version 1 or 2', String(version))
  if (version === 1) reader.take(6)
  return Array.from({ length: count }, () => {
    const id = reader.u16()
    const nameLength = version === 1 || id >= 256 ? reader.u16() : 0
    reader.take(2)
    const values = reader.u16()
    reader.take(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength)
    reader.take(4 * (version === 1 ? values + (values % 2) : values))
    return id
  })
}
