import { quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'

/** An address that leads nowhere. */
const undefinedAddress = 0xffffffffffffffffn
/** More messages than any object has. */
const mostMessages = 10_000

/** One message of an object's header: a property of it. */
export interface Message {
  readonly type: number
  /** Whether its bytes only say where it is, because several objects share it. */
  readonly shared: boolean
  readonly bytes: Uint8Array
}

/** The properties that an object's header lists, by the number of its type. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const

/** A reader at an address of the file. */
export function readerAt(file: Uint8Array, address: number, what: string): ByteReader {
  return new ByteReader(file, `HDF5 ${what}`, address)
}

/** An address, or nothing where there is none. */
export function readAddress(reader: ByteReader): number | undefined {
  const bytes = reader.take(8)
  const value = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (value === undefinedAddress) return undefined
  if (value >= BigInt(reader.bytes.length + 1) && value > BigInt(2 ** 50)) {
    reader.fail('an address within the file', String(value))
  }
  return Number(value)
}

/** Makes sure of the four letters that a structure begins with. */
export function expectSignature(reader: ByteReader, signature: string): void {
  const found = String.fromCharCode(...reader.take(4))
  if (found !== signature)
    reader.fail(`a structure that begins with ${quote(signature)}`, `another at byte ${reader.at - 4}`)
}

/** All messages of the object at an address, those in continuations too. Each stretch of bytes is read once. */
export function readHeader(file: Uint8Array, address: number): readonly Message[] {
  const reader = readerAt(file, address, 'object header')
  const messages: Message[] = []
  const queue: Stretch[] = [reader.u8() === 1 ? firstOfVersion1(reader) : firstOfVersion2(reader, address)]
  const seen = new Set<number>()
  for (const stretch of queue) {
    if (seen.has(stretch.start)) reader.fail('every continuation once', 'a loop of them')
    seen.add(stretch.start)
    for (const message of messagesOf(file, stretch)) {
      if (messages.push(message) > mostMessages) reader.fail(`at most ${mostMessages} messages`, 'more')
      if (message.type === messageTypes.continuation) queue.push(continuationOf(message, stretch))
    }
  }
  return messages
}

/** A stretch of messages, and how they are written in it. */
interface Stretch {
  readonly start: number
  readonly length: number
  readonly version: 1 | 2
  /** Bytes that follow each message's flags. */
  readonly order: 0 | 2
}

function firstOfVersion1(reader: ByteReader): Stretch {
  reader.take(7)
  const length = reader.u32()
  reader.take(4)
  return { start: reader.at, length, version: 1, order: 0 }
}

function firstOfVersion2(reader: ByteReader, address: number): Stretch {
  reader.at = address
  expectSignature(reader, 'OHDR')
  const version = reader.u8()
  if (version !== 2) reader.fail('version 1 or 2', String(version))
  const flags = reader.u8()
  if (flags & 0x20) reader.take(16)
  if (flags & 0x10) reader.take(4)
  const length = readSized(reader, flags & 3)
  return { start: reader.at, length, version: 2, order: flags & 4 ? 2 : 0 }
}

/** A number of 1, 2, 4 or 8 bytes. */
export function readSized(reader: ByteReader, exponent: number): number {
  switch (exponent) {
    case 0:
      return reader.u8()
    case 1:
      return reader.u16()
    case 2:
      return reader.u32()
    default:
      return reader.u64()
  }
}

function* messagesOf(file: Uint8Array, { start, length, version, order }: Stretch): Generator<Message> {
  const reader = readerAt(file, start, 'object header')
  const bytes = reader.take(length)
  reader.at = start
  const overhead = version === 1 ? 8 : 4 + order
  while (start + bytes.length - reader.at >= overhead) {
    const type = version === 1 ? reader.u16() : reader.u8()
    const size = reader.u16()
    const shared = (reader.u8() & 2) !== 0
    reader.take(version === 1 ? 3 : order)
    if (size > start + bytes.length - reader.at) reader.fail('a message within its header', `one of ${size} bytes`)
    yield { type, shared, bytes: reader.take(size) }
  }
}

function continuationOf({ bytes }: Message, { version, order }: Stretch): Stretch {
  const reader = new ByteReader(bytes, 'HDF5 object header')
  const start = readAddress(reader) ?? reader.fail('the address of a continuation', 'none')
  const length = reader.u64()
  // Those of version 2 have four letters before, and a checksum behind.
  return version === 1
    ? { start, length, version, order }
    : { start: start + 4, length: Math.max(0, length - 8), version, order }
}
