import { CheckpointError } from '../errors.js'
import { quote } from '../text.js'

/**
 * More tensors, or lines of metadata, than any checkpoint has. Each costs far more memory than its bytes in the
 * header do, so their number is bounded before they are kept.
 */
const mostKeys = 100_000
/** PyTorch's own limit of dimensions. */
const mostItems = 64

/**
 * Reads the JSON of a header piece by piece, straight from its bytes: the reader asks for what must come next, so
 * nothing unexpected is ever built. `JSON.parse` would do neither that nor refuse duplicate keys.
 */
export class HeaderReader {
  readonly #bytes: Uint8Array
  readonly #subject: string
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #at = 0

  /** @param subject what the bytes are, for messages */
  constructor(bytes: Uint8Array, subject: string) {
    this.#bytes = bytes
    this.#subject = subject
  }

  /** Reads an object; `value` reads the value of each key, and may refuse the key. */
  object(value: (key: string) => void): void {
    const keys = new Set<string>()
    this.#expect('{')
    if (this.#take('}')) return
    do {
      const key = this.string()
      if (keys.has(key)) this.fail('every key once', `a second ${quote(key)}`)
      if (keys.size === mostKeys) this.fail(`at most ${mostKeys} keys`, 'more')
      keys.add(key)
      this.#expect(':')
      value(key)
    } while (this.#take(','))
    this.#expect('}', "',' or '}'")
  }

  /** Reads an array of whole numbers below 2⁵³. */
  integers(): number[] {
    const items: number[] = []
    this.#expect('[')
    if (this.#take(']')) return items
    do {
      if (items.length === mostItems) this.fail(`at most ${mostItems} numbers in a list`, 'more')
      items.push(this.#integer())
    } while (this.#take(','))
    this.#expect(']', "',' or ']'")
    return items
  }

  string(): string {
    this.#expect('"', 'a string')
    const bytes = this.#bytes
    const start = this.#at
    let escaped = false
    let end = start
    for (; bytes[end] !== 0x22; end++) {
      const byte = bytes[end]
      if (byte === undefined || byte < 0x20) {
        this.#at = end
        this.fail('the end of a string', this.#next())
      }
      if (byte === 0x5c) {
        escaped = true
        end++
      }
    }
    this.#at = end + 1
    const text = this.#decode(start, end)
    return escaped ? this.#unescape(text, start) : text
  }

  /** Makes sure that only white space is left. */
  end(): void {
    this.#skipSpace()
    if (this.#at < this.#bytes.length) this.fail('only spaces after its closing brace', this.#next())
  }

  fail(expected: string, found: string): never {
    throw new CheckpointError({ subject: this.#subject, expected, found })
  }

  #integer(): number {
    this.#skipSpace()
    const start = this.#at
    let value = 0
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) {
      value = 10 * value + digit
      if (value > Number.MAX_SAFE_INTEGER) this.fail('whole numbers below 2^53', `a larger one at byte ${start}`)
      this.#at++
    }
    if (this.#at === start) this.fail('a whole number', this.#next())
    if (this.#at > start + 1 && this.#bytes[start] === 0x30) {
      this.fail('a whole number', `one with a leading zero at byte ${start}`)
    }
    return value
  }

  #digit(): number {
    const byte = this.#bytes[this.#at] ?? 0
    return byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1
  }

  #decode(start: number, end: number): string {
    try {
      // A copy, because a TextDecoder takes no shared memory in a page.
      return this.#decoder.decode(this.#bytes.slice(start, end))
    } catch (cause) {
      return this.#failWith(cause, 'text in UTF-8', `other bytes from byte ${start} on`)
    }
  }

  #unescape(text: string, start: number): string {
    try {
      return JSON.parse(`"${text}"`) as string
    } catch (cause) {
      return this.#failWith(cause, 'the escapes that JSON knows', `another in the string at byte ${start}`)
    }
  }

  #failWith(cause: unknown, expected: string, found: string): never {
    throw new CheckpointError({ subject: this.#subject, expected, found, cause })
  }

  #take(character: string): boolean {
    this.#skipSpace()
    if (this.#bytes[this.#at] !== character.charCodeAt(0)) return false
    this.#at++
    return true
  }

  #expect(character: string, expected = `'${character}'`): void {
    if (!this.#take(character)) this.fail(expected, this.#next())
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at++
    }
  }

  #next(): string {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) return 'the end of the header'
    const character = byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`
    return `${character} at byte ${this.#at}`
  }
}
