import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { OnnxError } from '../errors.js'
import type { OnnxInteger } from '../model.js'

/** What reading a file may use beside the file itself, in bytes. */
const allowance = 48 * 2 ** 20

/** What the objects of one message take, roughly, and what one entry of a list does. */
const messageCost = 512
const entryCost = 64

/**
 * What is left of the memory that reading one file may use. A message of two bytes becomes an object of hundreds, so a
 * file could otherwise ask for a hundred times its own size.
 */
export class Budget {
  #left: number

  /** @param fileSize - in bytes */
  constructor(fileSize: number) {
    this.#left = fileSize + allowance
  }

  /** @throws {OnnxError} when less than these bytes are left */
  spend(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) {
      throw new OnnxError({
        subject: 'ONNX file',
        expected: 'as many entries as a network of its size has',
        found: 'more than can be read safely',
      })
    }
  }
}

/** How one field of a message is read. Of another wire type it is not this field, and skipped, as the format says. */
export interface Field {
  readonly wireTypes: readonly WireType[]
  read(reader: BinaryReader, wireType: WireType): void
}

/**
 * Reads one message. Fields that `fields` does not list by number are skipped.
 *
 * @throws {Error} of any kind when the bytes are no message: `readOnnx` makes it an `OnnxError`
 */
export function readFields(bytes: Uint8Array, fields: { readonly [number: number]: Field }): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const field = fields[number]
    if (field?.wireTypes.includes(wireType)) field.read(reader, wireType)
    else reader.skip(wireType, number)
  }
  if (reader.pos > reader.len) throw new RangeError('a value that is longer than what holds it')
}

/** The fields of messages of one file, each handed to a function when it is met: more than once, where it repeats. */
export class FieldReaders {
  readonly #budget: Budget
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** A message, as the bytes it is made of. */
  message(take: (bytes: Uint8Array) => void): Field {
    return this.#delimited((bytes) => {
      this.#budget.spend(messageCost)
      take(bytes)
    })
  }

  text(take: (text: string) => void): Field {
    return this.#delimited((bytes) => {
      this.#budget.spend(entryCost + 2 * bytes.length)
      take(this.#decoder.decode(bytes))
    })
  }

  /** Bytes, which stay in the file. */
  bytes(take: (bytes: Uint8Array) => void): Field {
    return this.#delimited((bytes) => {
      this.#budget.spend(entryCost)
      take(bytes)
    })
  }

  /** A number of type int32, or an enum's. */
  small(take: (value: number) => void): Field {
    return { wireTypes: [WireType.Varint], read: (reader) => take(reader.int32()) }
  }

  /** Numbers of type int64: one, or many. */
  integers(take: (value: OnnxInteger) => void): Field {
    return this.#numbers(WireType.Varint, (reader) => take(integerOf(reader.int64())))
  }

  /** Numbers of type float: one, or many. */
  floats(take: (value: number) => void): Field {
    return this.#numbers(WireType.Bit32, (reader) => take(reader.float()))
  }

  /** Numbers as the bytes they are made of, which stay in the file: one, or many. */
  pieces(wireType: WireType, take: (bytes: Uint8Array) => void): Field {
    return {
      wireTypes: [wireType, WireType.LengthDelimited],
      read: (reader, found) => {
        this.#budget.spend(entryCost)
        take(found === WireType.LengthDelimited ? reader.bytes() : reader.skip(found))
      },
    }
  }

  #delimited(take: (bytes: Uint8Array) => void): Field {
    return { wireTypes: [WireType.LengthDelimited], read: (reader) => take(reader.bytes()) }
  }

  #numbers(wireType: WireType, readOne: (reader: BinaryReader) => void): Field {
    const readAll = (reader: BinaryReader) => {
      while (reader.pos < reader.len) {
        this.#budget.spend(entryCost)
        readOne(reader)
      }
    }
    return {
      wireTypes: [wireType, WireType.LengthDelimited],
      read: (reader, found) => {
        if (found === WireType.LengthDelimited) return readAll(new BinaryReader(reader.bytes()))
        this.#budget.spend(entryCost)
        readOne(reader)
      },
    }
  }
}

function integerOf(value: bigint | string): OnnxInteger {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}
