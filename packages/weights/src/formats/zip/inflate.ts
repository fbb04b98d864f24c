import { Inflate, Unzlib } from 'fflate'
import { CheckpointError } from '../../errors.js'

/** Bytes inflated at once: they can grow a thousandfold, and no further, before they are counted. */
const step = 16 * 1024

/**
 * The bytes of a deflated entry.
 *
 * @param subject what it is, for messages
 * @param size how many bytes the archive promises
 * @param wrapping whether they are deflated alone, as in zip archives, or in zlib's format, as in HDF5
 * @throws {CheckpointError} when they are fewer or more, or not deflated
 */
export function inflate(
  subject: string,
  deflated: Uint8Array,
  size: number,
  wrapping: 'raw' | 'zlib' = 'raw',
): Uint8Array<ArrayBuffer> {
  const inflated = inflateInto(subject, deflated, {
    size,
    partly: false,
    Stream: wrapping === 'raw' ? Inflate : Unzlib,
  })
  if (inflated.length !== size) throw wrongSize(subject, size, String(inflated.length))
  return inflated
}

/** The first bytes of a deflated entry, at most `size`; the rest is not inflated. */
export function inflateStart(subject: string, deflated: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  return inflateInto(subject, deflated, { size, partly: true, Stream: Inflate })
}

function inflateInto(
  subject: string,
  deflated: Uint8Array,
  { size, partly, Stream }: { size: number; partly: boolean; Stream: typeof Inflate | typeof Unzlib },
): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(size)
  let length = 0
  const stream = new Stream((chunk: Uint8Array) => {
    const room = size - length
    if (chunk.length > room && !partly) throw wrongSize(subject, size, 'more')
    target.set(chunk.length > room ? chunk.subarray(0, room) : chunk, length)
    length += Math.min(chunk.length, room)
  })
  try {
    for (let at = 0; at < deflated.length && !(partly && length === size); at += step) {
      stream.push(deflated.subarray(at, at + step), at + step >= deflated.length)
    }
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause
    throw new CheckpointError({ subject, expected: 'deflated bytes', found: 'others', cause })
  }
  return target.subarray(0, length)
}

function wrongSize(subject: string, size: number, found: string): CheckpointError {
  return new CheckpointError({ subject, expected: `${size} bytes, as the file says`, found })
}
