import { CheckpointError } from '../../errors.js'
import { quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { crc32 } from './crc32.js'
import { inflate, inflateStart } from './inflate.js'

/** More entries than any checkpoint has; each costs more memory than its bytes. */
const mostEntries = 100_000
/** Deflating makes nothing smaller than by this factor. */
const mostDeflation = 1032
/** How much more than the file's own size all its deflated entries may hold together. */
const mostInflation = 64 * 2 ** 20

/** One file of a zip archive. */
export interface ZipEntry {
  readonly name: string
  /** Bytes, once inflated. */
  readonly size: number
  /** Its bytes: a view of the archive's where they are stored as they are, else inflated anew at each call. */
  read(): Uint8Array
  /** Its first bytes, at most so many. */
  readStart(length: number): Uint8Array
}

interface Listed {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressed: number
  readonly size: number
  readonly offset: number
}

/**
 * The files of a zip archive by name, in the archive's own order (PKWARE's APPNOTE; Zip64 too). Entries may be stored
 * or deflated, but not overlap, nor hold more than the archive's size and 64 MB when inflated.
 *
 * @throws {CheckpointError} when it is malformed, encrypted, of several parts, or a decompression bomb
 */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const listed = readDirectory(bytes)
  checkSizes(listed, bytes.length)
  const entries = new Map<string, ZipEntry>()
  let end = 0
  for (const entry of listed.toSorted((a, b) => a.offset - b.offset)) {
    const start = dataStart(bytes, entry)
    if (entry.offset < end) throw refusal(entry.name, 'its own place in the archive', 'one that another has')
    end = start + entry.compressed
    entries.set(entry.name, entryOf(entry, bytes.subarray(start, end)))
  }
  return new Map(listed.map(({ name }) => [name, entries.get(name)!]))
}

function entryOf({ name, method, size, crc }: Listed, data: Uint8Array): ZipEntry {
  const subject = `zip entry ${quote(name)}`
  if (method === 0) return { name, size, read: () => data, readStart: (length) => data.subarray(0, length) }
  return {
    name,
    size,
    read() {
      const inflated = inflate(subject, data, size)
      if (crc32(inflated) !== crc) throw refusal(name, 'the checksum that the archive gives', 'another')
      return inflated
    },
    readStart: (length) => inflateStart(subject, data, Math.min(length, size)),
  }
}

/** Where the entry's bytes begin, which its local header tells. */
function dataStart(bytes: Uint8Array, { name, offset, compressed }: Listed): number {
  const reader = new ByteReader(bytes, `zip entry ${quote(name)}`, offset)
  if (reader.u32() !== 0x04034b50) reader.fail('a local header', `something else at byte ${offset}`)
  reader.take(22)
  const length = reader.u16() + reader.u16()
  reader.take(length)
  const start = reader.at
  reader.take(compressed)
  return start
}

function checkSizes(entries: readonly Listed[], fileSize: number): void {
  let inflated = 0
  for (const { name, method, size, compressed } of entries) {
    if (method === 0 && size !== compressed) throw refusal(name, `${compressed} bytes, as it takes`, String(size))
    if (method === 0) continue
    if (method !== 8) throw refusal(name, 'to be stored or deflated', `compression method ${method}`)
    inflated += size
    if (size > compressed * mostDeflation || inflated > fileSize + mostInflation) {
      throw refusal(name, 'a size that a file of weights can have', `${size} bytes out of ${compressed}`)
    }
  }
}

function readDirectory(bytes: Uint8Array): readonly Listed[] {
  const { count, offset } = findDirectory(bytes)
  if (count > mostEntries) fail(`at most ${mostEntries} entries`, String(count))
  const reader = new ByteReader(bytes, 'zip directory', offset)
  const names = new Set<string>()
  return Array.from({ length: count }, () => {
    const entry = readListed(reader)
    if (names.has(entry.name)) reader.fail('every name once', `a second ${quote(entry.name)}`)
    names.add(entry.name)
    return entry
  })
}

function readListed(reader: ByteReader): Listed {
  if (reader.u32() !== 0x02014b50) reader.fail('an entry', `something else at byte ${reader.at - 4}`)
  reader.take(4)
  const flags = reader.u16()
  const method = reader.u16()
  reader.take(4)
  const crc = reader.u32()
  const compressed = reader.u32()
  const size = reader.u32()
  const [nameLength, extraLength, commentLength] = [reader.u16(), reader.u16(), reader.u16()]
  reader.take(8)
  const offset = reader.u32()
  const name = new TextDecoder().decode(reader.take(nameLength).slice())
  if (flags & 1) reader.fail('entries that are not encrypted', `${quote(name)}, which is`)
  const extra = reader.take(extraLength)
  reader.take(commentLength)
  return { name, method, crc, ...large({ size, compressed, offset }, extra) }
}

/** Sizes from 4 GiB on stand in an extra field, in this order, where the usual field is all ones. */
function large<Sizes extends Record<string, number>>(sizes: Sizes, extra: Uint8Array): Sizes {
  const reader = new ByteReader(extra, 'zip extra field')
  while (extra.length - reader.at >= 4) {
    const id = reader.u16()
    const field = new ByteReader(reader.take(reader.u16()), 'zip extra field')
    if (id !== 1) continue
    const entries = Object.entries(sizes).map(([key, value]) => [key, value === 0xffffffff ? field.u64() : value])
    return Object.fromEntries(entries) as Sizes
  }
  return sizes
}

/** Where the list of entries is: the end record tells, which only a comment may follow. */
function findDirectory(bytes: Uint8Array): { count: number; offset: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue
    const count = view.getUint16(at + 10, true)
    const offset = view.getUint32(at + 16, true)
    if (count === 0xffff || offset === 0xffffffff) return findLargeDirectory(bytes, at) ?? { count, offset }
    return { count, offset }
  }
  return fail('a list of entries at its end', 'none', 'it may have been cut short: fetch it again')
}

/** The same in a Zip64 archive, whose own end record is found through a locator before the usual one. */
function findLargeDirectory(bytes: Uint8Array, end: number): { count: number; offset: number } | undefined {
  if (end < 20) return undefined
  const locator = new ByteReader(bytes, 'zip64 locator', end - 20)
  if (locator.u32() !== 0x07064b50) return undefined
  locator.take(4)
  const record = new ByteReader(bytes, 'zip64 end record', locator.u64())
  if (record.u32() !== 0x06064b50) record.fail('its signature', 'another')
  record.take(28)
  const count = record.u64()
  record.take(8)
  return { count, offset: record.u64() }
}

function refusal(name: string, expected: string, found: string): CheckpointError {
  return new CheckpointError({ subject: `zip entry ${quote(name)}`, expected, found })
}

function fail(expected: string, found: string, advice?: string): never {
  throw new CheckpointError({ subject: 'zip archive', expected, found, advice })
}
