import type { ByteReader } from '../byteReader.js'
import type { Fail } from './values.js'

const mark = Symbol('mark')

/** The stack of Python's pickle machine, with marks between its values. */
export class PickleStack {
  readonly #reader: ByteReader
  readonly #fail: Fail
  readonly #items: unknown[] = []

  /** @param reader tells, for messages, where the pickle has come to */
  constructor(reader: ByteReader, fail: Fail) {
    this.#reader = reader
    this.#fail = fail
  }

  get size(): number {
    return this.#items.length
  }

  push(value: unknown): void {
    this.#items.push(value)
  }

  mark(): void {
    this.#items.push(mark)
  }

  top(): unknown {
    if (this.#items.length === 0) this.#fail('a value on the stack', `none at byte ${this.#reader.at}`)
    return this.#items.at(-1)
  }

  pop(): unknown {
    const value = this.top()
    if (value === mark) this.#fail('a value on the stack', `a mark at byte ${this.#reader.at}`)
    this.#items.pop()
    return value
  }

  /** The values above the topmost mark, which goes too. */
  popToMark(): unknown[] {
    const place = this.#items.lastIndexOf(mark)
    if (place < 0) this.#fail('a mark on the stack', `none at byte ${this.#reader.at}`)
    const items = this.#items.splice(place)
    items.shift()
    return items
  }
}
