import { ByteReader } from '../byteReader.js'
import { readShape } from './dataset.js'
import { expectSignature, type Message, messageTypes, readAddress, readerAt } from './header.js'

/** The text that an object has as an attribute of this name; nothing when it has none, or another kind of one. */
export function textAttribute(file: Uint8Array, messages: readonly Message[], name: string): string | undefined {
  for (const { type, shared, bytes } of messages) {
    if (type !== messageTypes.attribute || shared) continue
    const attribute = readAttribute(new ByteReader(bytes, 'HDF5 attribute'))
    if (attribute.name === name) return textOf(file, attribute)
  }
  return undefined
}

interface Attribute {
  readonly name: string
  readonly datatype: ByteReader
  readonly dataspace: ByteReader
  readonly data: ByteReader
}

function readAttribute(reader: ByteReader): Attribute {
  const version = reader.u8()
  if (version < 1 || version > 3) reader.fail('version 1, 2 or 3', String(version))
  reader.take(1)
  const [nameSize, typeSize, spaceSize] = [reader.u16(), reader.u16(), reader.u16()]
  if (version === 3) reader.take(1)
  // The first version fills each part up to eight bytes.
  const part = (size: number) => {
    const bytes = reader.take(size)
    if (version === 1) reader.take((8 - (size % 8)) % 8)
    return bytes
  }
  const name = decodeText(part(nameSize))
  const [datatype, dataspace] = [typeSize, spaceSize].map((size) => new ByteReader(part(size), 'HDF5 attribute'))
  const data = new ByteReader(reader.bytes.subarray(reader.at), 'HDF5 attribute')
  return { name, datatype: datatype!, dataspace: dataspace!, data }
}

function textOf(file: Uint8Array, { datatype, dataspace, data }: Attribute): string | undefined {
  const kind = datatype.u8() & 15
  datatype.take(3)
  const size = datatype.u32()
  if (readShape(dataspace).length > 0) return undefined
  if (kind === 3) return decodeText(data.take(size))
  if (kind !== 9) return undefined
  const length = data.u32()
  const heap = readAddress(data)
  return heap === undefined ? undefined : decodeText(readHeapObject(file, heap, data.u32()).subarray(0, length))
}

/** One object of a collection of those whose sizes differ. */
function readHeapObject(file: Uint8Array, address: number, wanted: number): Uint8Array {
  const reader = readerAt(file, address, 'global heap')
  expectSignature(reader, 'GCOL')
  reader.take(4)
  const end = address + reader.u64()
  while (reader.at + 16 <= end) {
    const index = reader.u16()
    reader.take(6)
    const size = reader.u64()
    if (index === wanted) return reader.take(size)
    if (index === 0) break
    reader.take(Math.ceil(size / 8) * 8)
  }
  return reader.fail(`object ${wanted}`, 'none')
}

function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(bytes.slice(0, end < 0 ? undefined : end))
}
