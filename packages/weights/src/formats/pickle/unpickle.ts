import { quote } from '../../text.js'
import { ByteReader } from '../byteReader.js'
import { adviceFor } from './advice.js'
import { decimal, unescapeUnicode } from './literals.js'
import { callName, describe, isKnownName } from './names.js'
import { fillArray, fillType } from './numpy.js'
import { Operands } from './operands.js'
import { PickleStack } from './stack.js'
import { type Fail, InertObject, PickledArray, PickledDType, PickledName } from './values.js'

/**
 * What a pickle may take. A checkpoint of a thousand tensors needs some ten thousand of each; every one of them costs
 * far more memory than its byte in the file.
 */
const mostSteps = 1_000_000
const mostObjects = 200_000
const mostItems = 200_000
const longestPickle = 32 * 2 ** 20

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
  readonly #stack: PickleStack
  readonly #operands: Operands
  readonly #memo = new Map<number, unknown>()
  readonly #fail: Fail = (...details) => this.#reader.fail(...details)
  #objects = 0
  #bytesMade = 0

  constructor(reader: ByteReader, options: PickleOptions) {
    this.#reader = reader
    this.#options = options
    this.#stack = new PickleStack(reader, this.#fail)
    this.#operands = new Operands(reader, this.#fail)
  }

  run(): unknown {
    for (let step = 0; step < mostSteps; step++) {
      const code = this.#reader.u8()
      if (code === 0x2e) return this.#stack.pop()
      this.#step(String.fromCharCode(code), code)
      if (this.#stack.size > mostItems || this.#memo.size > mostItems) break
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
        return this.#push(decimal(this.#operands.line(), this.#fail))
      case 'L':
        return this.#push(decimal(this.#operands.line().replace(/L$/, ''), this.#fail))
      case 'F':
        return this.#push(Number(this.#operands.line()))
      case 'X':
        return this.#push(this.#count(this.#operands.text(reader.u32())))
      case 'V':
        return this.#push(unescapeUnicode(this.#operands.line()))
      case 'S':
        return this.#push(this.#operands.line().replace(/^(['"])(.*)\1$/, '$2'))
      case 'T':
        return this.#push(this.#count(this.#operands.bytesAsText(reader.u32())))
      case 'U':
        return this.#push(this.#count(this.#operands.bytesAsText(reader.u8())))
      case 'B':
        return this.#push(this.#count(this.#operands.bytes(reader.u32())))
      case 'C':
        return this.#push(this.#count(this.#operands.bytes(reader.u8())))
      default:
        return false
    }
  }

  /** Lists, tuples, dictionaries, objects; false for other codes. */
  #stepOfContainer(code: string): boolean {
    switch (code) {
      case '(':
        this.#stack.mark()
        return true
      case ']':
        return this.#push(this.#count([]))
      case '}':
        return this.#push(this.#count(new Map()))
      case ')':
        return this.#push(this.#count([]))
      case 'l':
      case 't':
        return this.#push(this.#count(this.#stack.popToMark()))
      case 'd':
        return this.#push(this.#setItems(this.#count(new Map()), this.#stack.popToMark()))
      case 'a':
        return this.#append([this.#stack.pop()])
      case 'e':
        return this.#append(this.#stack.popToMark())
      case 's': {
        const value = this.#stack.pop()
        return this.#set([this.#stack.pop(), value])
      }
      case 'u':
        return this.#set(this.#stack.popToMark())
      case 'c':
        return this.#push(this.#name(this.#operands.line(), this.#operands.line()))
      case 'R': {
        const args = this.#stack.pop()
        return this.#call(this.#stack.pop(), args)
      }
      case 'i': {
        const name = this.#name(this.#operands.line(), this.#operands.line())
        return this.#call(name, this.#stack.popToMark())
      }
      case 'o': {
        const [name, ...args] = this.#stack.popToMark()
        return this.#call(name, args)
      }
      case 'b':
        return this.#build(this.#stack.pop())
      default:
        return false
    }
  }

  /** The memo, the stack, and persistent ids. */
  #stepOfMemo(code: string): void {
    const reader = this.#reader
    switch (code) {
      case '0':
        this.#stack.pop()
        return
      case '1':
        this.#stack.popToMark()
        return
      case '2':
        this.#push(this.#stack.top())
        return
      case 'g':
        this.#recall(this.#operands.place())
        return
      case 'h':
        this.#recall(reader.u8())
        return
      case 'j':
        this.#recall(reader.u32())
        return
      case 'p':
        this.#memo.set(this.#operands.place(), this.#stack.top())
        return
      case 'q':
        this.#memo.set(reader.u8(), this.#stack.top())
        return
      case 'r':
        this.#memo.set(reader.u32(), this.#stack.top())
        return
      case 'P':
        this.#persistent(this.#operands.line())
        return
      case 'Q':
        this.#persistent(this.#stack.pop())
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
        this.#push(this.#operands.integer(reader.u8()))
        return
      case 0x8b:
        this.#push(this.#operands.integer(reader.u32()))
        return
      case 0x8c:
        this.#push(this.#count(this.#operands.text(reader.u8())))
        return
      case 0x8d:
        this.#push(this.#count(this.#operands.text(reader.u64())))
        return
      case 0x8e:
      case 0x96:
        this.#push(this.#count(this.#operands.bytes(reader.u64())))
        return
      case 0x8f:
        this.#push(this.#count([]))
        return
      case 0x90:
        this.#append(this.#stack.popToMark())
        return
      case 0x91:
        this.#push(this.#count(this.#stack.popToMark()))
        return
      case 0x93: {
        const name = this.#stack.pop()
        this.#push(this.#name(this.#stack.pop(), name))
        return
      }
      case 0x94:
        this.#memo.set(this.#memo.size, this.#stack.top())
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

  #tuple(length: number): void {
    const items = Array.from({ length }, () => this.#stack.pop())
    this.#push(this.#count(items.reverse()))
  }

  #append(items: readonly unknown[]): true {
    const list = this.#stack.top()
    if (!Array.isArray(list)) return this.#fail('a list to append to', describe(list))
    for (const item of items) list.push(item)
    return true
  }

  #set(items: readonly unknown[]): true {
    this.#setItems(this.#stack.top(), items)
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
    if (withKeywords) this.#stack.pop()
    const args = this.#stack.pop()
    this.#call(this.#stack.pop(), args)
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
    const target = this.#stack.top()
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
}
