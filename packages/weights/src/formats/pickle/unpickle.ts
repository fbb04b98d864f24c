import { quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { adviceFor } from './advice.js'
import { decimal, integer, unescapeUnicode } from './literals.js'
import { callName, describe, isCount, isKnownName } from './names.js'
import { fillArray, fillType } from './numpy.js'
import { type Fail, InertObject, PickledArray, PickledDType, PickledName } from './values.js'

/**
 * What a pickle may take. A checkpoint of a thousand tensors needs some ten thousand of each; every one of them costs
 * far more memory than its byte in the file.
 */
const mostSteps = 1_000_000
const mostObjects = 200_000
const mostItems = 200_000
const longestPickle = 32 * 2 ** 20
const longestLine = 4096
/** Bytes of the longest whole number: the legacy format's magic one has ten. */
const longestInteger = 255

const mark = Symbol('mark')

export interface PickleOptions {
  /** What the bytes are, for messages. */
  readonly subject: string
  /** What a persistent id stands for. */
  readonly persistent?: ((id: unknown, fail: Fail) => unknown) | undefined
}

/** The object that the pickle from byte `at` on holds, and where it ends. */
export interface Unpickled {
  readonly value: unknown
  readonly end: number
}

/**
 * Reads one pickle, protocols 0 to 5, as inert data (https://docs.python.org/3/library/pickletools.html): `None` is
 * null; dictionaries are Maps; lists, tuples and sets are arrays; bytes are Uint8Arrays; a few objects are the classes
 * of `values.ts`. Names outside the fixed list of `names.ts` are refused where they stand. Nothing is ever called.
 *
 * @throws {CheckpointError} when it is malformed, too large, or names anything else
 */
export function unpickle(bytes: Uint8Array, at: number, options: PickleOptions): Unpickled {
  const reader = new ByteReader(bytes.subarray(0, at + longestPickle), options.subject, at)
  const value = new Machine(reader, options).run()
  return { value, end: reader.at }
}

/** Python's pickle machine: a stack, marks in it, and a memo. */
class Machine {
  readonly #reader: ByteReader
  readonly #options: PickleOptions
  readonly #stack: unknown[] = []
  readonly #memo = new Map<number, unknown>()
  readonly #latin1 = new TextDecoder('latin1')
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  readonly #fail: Fail = (...details) => this.#reader.fail(...details)
  #objects = 0
  #bytesMade = 0

  constructor(reader: ByteReader, options: PickleOptions) {
    this.#reader = reader
    this.#options = options
  }

  run(): unknown {
    for (let step = 0; step < mostSteps; step++) {
      const code = this.#reader.u8()
      if (code === 0x2e) return this.#pop()
      this.#step(String.fromCharCode(code), code)
      if (this.#stack.length > mostItems || this.#memo.size > mostItems) break
      if (this.#objects > mostObjects || this.#bytesMade > longestPickle) break
    }
    return this.#fail('a pickle of the size of a checkpoint’s', 'one of far more objects')
  }

  #step(code: string, byte: number): void {
    if (byte >= 0x80) this.#stepOfProtocol2(byte)
    else if (!this.#stepOfValue(code) && !this.#stepOfContainer(code)) this.#stepOfMemo(code)
  }

  /** Plain values; false for other codes. */
  #stepOfValue(code: string): boolean {
    const reader = this.#reader
    switch (code) {
      case 'N':
        return this.#push(null)
      case 'K':
        return this.#push(reader.u8())
      case 'M':
        return this.#push(reader.u16())
      case 'J':
        return this.#push(reader.i32())
      case 'G':
        return this.#push(reader.f64BigEndian())
      case 'I':
        return this.#push(decimal(this.#line(), this.#fail))
      case 'L':
        return this.#push(decimal(this.#line().replace(/L$/, ''), this.#fail))
      case 'F':
        return this.#push(Number(this.#line()))
      case 'X':
        return this.#push(this.#text(reader.u32()))
      case 'V':
        return this.#push(unescapeUnicode(this.#line()))
      case 'S':
        return this.#push(this.#line().replace(/^(['"])(.*)\1$/, '$2'))
      case 'T':
        return this.#push(this.#bytesAsText(reader.u32()))
      case 'U':
        return this.#push(this.#bytesAsText(reader.u8()))
      case 'B':
        return this.#push(this.#bytes(reader.u32()))
      case 'C':
        return this.#push(this.#bytes(reader.u8()))
      default:
        return false
    }
  }

  /** Lists, tuples, dictionaries, objects; false for other codes. */
  #stepOfContainer(code: string): boolean {
    switch (code) {
      case '(':
        return this.#push(mark)
      case ']':
        return this.#push(this.#count([]))
      case '}':
        return this.#push(this.#count(new Map()))
      case ')':
        return this.#push(this.#count([]))
      case 'l':
      case 't':
        return this.#push(this.#count(this.#popToMark()))
      case 'd':
        return this.#push(this.#setItems(this.#count(new Map()), this.#popToMark()))
      case 'a':
        return this.#append([this.#pop()])
      case 'e':
        return this.#append(this.#popToMark())
      case 's': {
        const value = this.#pop()
        return this.#set([this.#pop(), value])
      }
      case 'u':
        return this.#set(this.#popToMark())
      case 'c':
        return this.#push(this.#name(this.#line(), this.#line()))
      case 'R': {
        const args = this.#pop()
        return this.#call(this.#pop(), args)
      }
      case 'i': {
        const name = this.#name(this.#line(), this.#line())
        return this.#call(name, this.#popToMark())
      }
      case 'o': {
        const [name, ...args] = this.#popToMark()
        return this.#call(name, args)
      }
      case 'b':
        return this.#build(this.#pop())
      default:
        return false
    }
  }

  /** The memo, the stack, and persistent ids. */
  #stepOfMemo(code: string): void {
    const reader = this.#reader
    switch (code) {
      case '0':
        this.#pop()
        return
      case '1':
        this.#popToMark()
        return
      case '2':
        this.#push(this.#top())
        return
      case 'g':
        this.#recall(this.#place(this.#line()))
        return
      case 'h':
        this.#recall(reader.u8())
        return
      case 'j':
        this.#recall(reader.u32())
        return
      case 'p':
        this.#memo.set(this.#place(this.#line()), this.#top())
        return
      case 'q':
        this.#memo.set(reader.u8(), this.#top())
        return
      case 'r':
        this.#memo.set(reader.u32(), this.#top())
        return
      case 'P':
        this.#persistent(this.#line())
        return
      case 'Q':
        this.#persistent(this.#pop())
        return
      default:
        this.#unknown(code.charCodeAt(0))
    }
  }

  #stepOfProtocol2(byte: number): void {
    const reader = this.#reader
    switch (byte) {
      case 0x80: {
        const version = reader.u8()
        if (version > 5) this.#fail('pickle protocol 0 to 5', String(version))
        return
      }
      case 0x81:
      case 0x92:
        this.#newObject(byte === 0x92)
        return
      case 0x85:
      case 0x86:
      case 0x87:
        this.#tuple(byte - 0x84)
        return
      case 0x88:
      case 0x89:
        this.#push(byte === 0x88)
        return
      case 0x8a:
        this.#push(this.#integer(reader.u8()))
        return
      case 0x8b:
        this.#push(this.#integer(reader.u32()))
        return
      case 0x8c:
        this.#push(this.#text(reader.u8()))
        return
      case 0x8d:
        this.#push(this.#text(reader.u64()))
        return
      case 0x8e:
      case 0x96:
        this.#push(this.#bytes(reader.u64()))
        return
      case 0x8f:
        this.#push(this.#count([]))
        return
      case 0x90:
        this.#append(this.#popToMark())
        return
      case 0x91:
        this.#push(this.#count(this.#popToMark()))
        return
      case 0x93: {
        const name = this.#pop()
        this.#push(this.#name(this.#pop(), name))
        return
      }
      case 0x94:
        this.#memo.set(this.#memo.size, this.#top())
        return
      case 0x95:
        // A frame: how much to read ahead, which is of no use when all of it is at hand.
        reader.u64()
        return
      default:
        this.#unknown(byte)
    }
  }

  #unknown(byte: number): never {
    return this.#fail('an instruction that checkpoints use', `0x${byte.toString(16)} at byte ${this.#reader.at - 1}`)
  }

  #push(value: unknown): true {
    this.#stack.push(value)
    return true
  }

  #count<Value>(value: Value): Value {
    this.#objects++
    return value
  }

  #top(): unknown {
    if (this.#stack.length === 0) this.#fail('a value on the stack', `none at byte ${this.#reader.at}`)
    return this.#stack.at(-1)
  }

  #pop(): unknown {
    const value = this.#top()
    if (value === mark) this.#fail('a value on the stack', `a mark at byte ${this.#reader.at}`)
    this.#stack.pop()
    return value
  }

  #popToMark(): unknown[] {
    const place = this.#stack.lastIndexOf(mark)
    if (place < 0) this.#fail('a mark on the stack', `none at byte ${this.#reader.at}`)
    const items = this.#stack.splice(place)
    items.shift()
    return items
  }

  #tuple(length: number): void {
    const items = Array.from({ length }, () => this.#pop())
    this.#push(this.#count(items.reverse()))
  }

  #append(items: readonly unknown[]): true {
    const list = this.#top()
    if (!Array.isArray(list)) return this.#fail('a list to append to', describe(list))
    for (const item of items) list.push(item)
    return true
  }

  #set(items: readonly unknown[]): true {
    this.#setItems(this.#top(), items)
    return true
  }

  #setItems(target: unknown, items: readonly unknown[]): unknown {
    if (items.length % 2 !== 0) this.#fail('keys with their values', `${items.length} items`)
    if (target instanceof InertObject) return target
    if (!(target instanceof Map)) return this.#fail('a dictionary to fill', describe(target))
    for (let index = 0; index < items.length; index += 2) target.set(items[index], items[index + 1])
    return target
  }

  #name(module: unknown, name: unknown): PickledName {
    if (typeof module !== 'string' || typeof name !== 'string') return this.#fail('a name', describe(name))
    const path = `${module}.${name}`
    if (!isKnownName(path)) return this.#refuse(path)
    return this.#count(new PickledName(path))
  }

  #refuse(path: string): never {
    return this.#fail('only names that rebuild tensors', quote(path), adviceFor(path))
  }

  #newObject(withKeywords: boolean): void {
    if (withKeywords) this.#pop()
    const args = this.#pop()
    this.#call(this.#pop(), args)
  }

  #call(callee: unknown, args: unknown): true {
    const value = callName(callee, args, this.#fail)
    // A few bytes can call for a large value again and again.
    if (value instanceof Map) this.#objects += value.size
    if (value instanceof Uint8Array) this.#bytesMade += value.length
    return this.#push(this.#count(value))
  }

  /** An object's state: of use for NumPy's arrays and types alone. */
  #build(state: unknown): true {
    const target = this.#top()
    if (target instanceof PickledArray) fillArray(target, state, this.#fail)
    else if (target instanceof PickledDType) fillType(target, state, this.#fail)
    return true
  }

  #recall(place: number): void {
    if (!this.#memo.has(place)) this.#fail('a value that was put in the memo', `none at ${place}`)
    this.#push(this.#memo.get(place))
  }

  #persistent(id: unknown): void {
    const { persistent } = this.#options
    if (!persistent) this.#fail('no persistent ids', 'one')
    else this.#push(this.#count(persistent(id, this.#fail)))
  }

  #line(): string {
    return this.#latin1.decode(this.#reader.line(longestLine).slice())
  }

  #text(length: number): string {
    const bytes = this.#bytes(length)
    try {
      return this.#utf8.decode(bytes)
    } catch (cause) {
      // Python writes half a surrogate pair as it is.
      return this.#fail('text in UTF-8', `other bytes before byte ${this.#reader.at}`, undefined, cause)
    }
  }

  #bytesAsText(length: number): string {
    return this.#latin1.decode(this.#bytes(length))
  }

  /** A copy, because a TextDecoder takes no shared memory in a page, and so that nothing holds on to the file. */
  #bytes(length: number): Uint8Array<ArrayBuffer> {
    return this.#count(this.#reader.take(length).slice())
  }

  #integer(length: number): number | bigint {
    if (length > longestInteger) this.#fail(`a whole number of at most ${longestInteger} bytes`, `one of ${length}`)
    return integer(this.#reader.take(length))
  }

  #place(line: string): number {
    const place = decimal(line, this.#fail)
    return isCount(place) ? place : this.#fail('a place in the memo', quote(line))
  }
}
