import { CheckpointError } from '../errors.js'

/** Reads a binary header piece by piece, little-endian; whatever reaches beyond the end is a typed error. */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #subject: string
  at: number

  /** @param subject what the bytes are, for messages */
  constructor(bytes: Uint8Array, subject: string, at = 0) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#subject = subject
    this.at = at
  }

  u8(): number {
    return this.bytes[this.#advance(1)]!
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  /** A whole number below 2⁵³. */
  u64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true)
    if (value > Number.MAX_SAFE_INTEGER) this.fail('a whole number below 2^53', `${value} at byte ${this.at - 8}`)
    return Number(value)
  }

  /** A big-endian 64-bit float. */
  f64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8))
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.bytes.subarray(start, start + length)
  }

  /** Bytes up to the next line feed, which is passed over. */
  line(longest: number): Uint8Array {
    const rest = this.bytes.subarray(this.at, this.at + longest + 1)
    const length = rest.indexOf(0x0a)
    if (length < 0) this.fail(`the end of a line within ${longest} bytes`, `none from byte ${this.at} on`)
    this.at += length + 1
    return rest.subarray(0, length)
  }

  fail(expected: string, found: string, advice?: string, cause?: unknown): never {
    throw new CheckpointError({ subject: this.#subject, expected, found, advice, cause })
  }

  /** Where the next bytes begin, after making sure that they are there. */
  #advance(length: number): number {
    const start = this.at
    if (length > this.bytes.length - start) {
      const found = `${Math.max(0, this.bytes.length - start)} up to the end`
      this.fail(`${length} more bytes at byte ${start}`, found, 'it may have been cut short: fetch it again')
    }
    this.at = start + length
    return start
  }
}
