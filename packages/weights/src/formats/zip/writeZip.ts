import { CheckpointError } from '../../errors.js'
import { crc32 } from './crc32.js'

/** A file to put into an archive, in pieces, so that a large one need not be joined first. */
export interface ZipFile {
  readonly name: string
  readonly pieces: readonly Uint8Array[]
}

/** The largest archive, and the most entries, that need no Zip64. */
const largest = 0xffffffff
const mostEntries = 0xffff
/** Each file's bytes begin at a multiple of this, so that its numbers can be read in place. */
const alignment = 64

/**
 * A zip archive of files as they are, not compressed. All dates are 1980-01-01: equal files give equal bytes.
 *
 * @throws {CheckpointError} when it would be larger than 4 GiB, or of more than 65,535 files
 */
export function writeZip(files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  const add = (...pieces: readonly Uint8Array[]) => {
    parts.push(...pieces)
    at += sizeOf(pieces)
  }
  for (const { name, pieces } of files) {
    const encoded = new TextEncoder().encode(name)
    // An extra field of an id that nobody reads fills up to the next multiple.
    const padding = (alignment - ((at + 30 + encoded.length + 4) % alignment)) % alignment
    const common = fieldsOf(encoded.length, pieces)
    const rest = [
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ] as const
    directory.push(record([4, 0x02014b50], [2, 20], ...common, ...rest), encoded)
    add(record([4, 0x04034b50], ...common, [2, 4 + padding]), encoded)
    add(record([2, 0xffff], [2, padding]), new Uint8Array(padding), ...pieces)
  }
  const start = at
  add(...directory)
  const counts = [[2, files.length] as const, [2, files.length] as const]
  add(record([4, 0x06054b50], [2, 0], [2, 0], ...counts, [4, at - start], [4, start], [2, 0]))
  if (at > largest || files.length > mostEntries) {
    const found = `${files.length} files of ${at} bytes`
    throw new CheckpointError({ subject: 'zip archive', expected: 'at most 65535 files and 4 GiB', found })
  }
  return join(parts, at)
}

type Field = readonly [width: 2 | 4, value: number]

/** What an entry's local header and its line in the directory have in common. */
function fieldsOf(nameLength: number, pieces: readonly Uint8Array[]): readonly Field[] {
  const size = sizeOf(pieces)
  const checksum = pieces.reduce((crc, piece) => crc32(piece, crc), 0)
  return [
    [2, 20], // the version that is needed to read it
    [2, 0x800], // names in UTF-8
    [2, 0], // stored
    [2, 0], // time
    [2, 0x21], // date
    [4, checksum],
    [4, size],
    [4, size],
    [2, nameLength],
  ]
}

function record(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += width
  }
  return bytes
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
