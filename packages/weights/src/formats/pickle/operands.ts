import { quote } from '../../text.js'
import type { ByteReader } from '../byteReader.js'
import { decimal, integer } from './literals.js'
import { isCount } from './names.js'
import type { Fail } from './values.js'

const longestLine = 4096
/** Bytes of the longest whole number: the legacy format's magic one has ten. */
const longestInteger = 255

/** What follows an instruction of a pickle: text, bytes, whole numbers. */
export class Operands {
  readonly #reader: ByteReader
  readonly #fail: Fail
  readonly #latin1 = new TextDecoder('latin1')
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor(reader: ByteReader, fail: Fail) {
    this.#reader = reader
    this.#fail = fail
  }

  line(): string {
    return this.#latin1.decode(this.#reader.line(longestLine).slice())
  }

  text(length: number): string {
    const bytes = this.bytes(length)
    try {
      return this.#utf8.decode(bytes)
    } catch (cause) {
      // Python writes half a surrogate pair as it is.
      return this.#fail('text in UTF-8', `other bytes before byte ${this.#reader.at}`, undefined, cause)
    }
  }

  bytesAsText(length: number): string {
    return this.#latin1.decode(this.bytes(length))
  }

  /** A copy, because a TextDecoder takes no shared memory in a page, and so that nothing holds on to the file. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return this.#reader.take(length).slice()
  }

  integer(length: number): number | bigint {
    if (length > longestInteger) this.#fail(`a whole number of at most ${longestInteger} bytes`, `one of ${length}`)
    return integer(this.#reader.take(length))
  }

  /** A place in the memo, as a line of digits. */
  place(): number {
    const line = this.line()
    const place = decimal(line, this.#fail)
    return isCount(place) ? place : this.#fail('a place in the memo', quote(line))
  }
}
