import { crc32 } from 'node:zlib'
import { type Embedding, longestNameBytes } from './embedding.js'
import { readFloats, writeFloats } from './floats.js'

// A record: the name's length in bytes (u32), the name (UTF-8), the numbers (f32 each), and the CRC-32 of all that
// (u32); little-endian. A record that was cut off, or overwritten, is told by its length or its sum.

/** What was found in a record. */
export interface FoundRecord {
  readonly embedding: Embedding
  /** Its size in bytes. */
  readonly size: number
}

export function encodeRecord({ file, vector }: Embedding): Buffer {
  const name = Buffer.from(file)
  const bytes = Buffer.alloc(sizeOf(name.length, vector.length))
  bytes.writeUInt32LE(name.length)
  bytes.set(name, 4)
  writeFloats(vector, bytes, 4 + name.length)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes
}

/** How many bytes the record of an embedding takes. */
export function recordSize(file: string, dimension: number): number {
  return sizeOf(Buffer.byteLength(file), dimension)
}

/** The records at the beginning of some bytes; it ends before the first that is not whole, or none. */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  dimension: number,
): AsyncGenerator<FoundRecord, void> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk])
    let start = 0
    while (pending.length - start >= 4) {
      const nameLength = pending.readUInt32LE(start)
      if (nameLength > longestNameBytes) return
      const size = sizeOf(nameLength, dimension)
      if (pending.length - start < size) break
      const record = decodeRecord(pending.subarray(start, start + size), nameLength, dimension)
      if (!record) return
      yield record
      start += size
    }
    pending = pending.subarray(start)
  }
}

function decodeRecord(bytes: Buffer, nameLength: number, dimension: number): FoundRecord | undefined {
  if (crc32(bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4)) return undefined
  const file = bytes.toString('utf8', 4, 4 + nameLength)
  return { embedding: { file, vector: readFloats(bytes, 4 + nameLength, dimension) }, size: bytes.length }
}

function sizeOf(nameLength: number, dimension: number): number {
  return 4 + nameLength + 4 * dimension + 4
}
