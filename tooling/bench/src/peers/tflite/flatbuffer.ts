import { Builder, type Offset } from 'flatbuffers'

/** The value of a table's field; nothing for one that is left out. */
export type FieldValue = { readonly [Kind in 'byte' | 'int' | 'offset']?: number } | undefined

export const byte = (value: number): FieldValue => ({ byte: value })
export const int = (value: number): FieldValue => ({ int: value })
export const at = (offset: Offset): FieldValue => ({ offset })

/** Writes FlatBuffers of a schema that is not compiled: a table is the list of its fields, in their order there. */
export class TableWriter {
  readonly #builder: Builder

  /** @param size - of the whole file in bytes, about; it grows */
  constructor(size: number) {
    this.#builder = new Builder(size)
  }

  /** What the table refers to has been written before it. */
  table(...fields: readonly FieldValue[]): Offset {
    this.#builder.startObject(fields.length)
    for (const [slot, field] of fields.entries()) {
      // No default is equal to NaN: each value is written.
      if (field?.byte !== undefined) this.#builder.addFieldInt8(slot, field.byte, Number.NaN)
      if (field?.int !== undefined) this.#builder.addFieldInt32(slot, field.int, Number.NaN)
      if (field?.offset !== undefined) this.#builder.addFieldOffset(slot, field.offset, 0)
    }
    return this.#builder.endObject()
  }

  text(value: string): Offset {
    return this.#builder.createString(value)
  }

  ints(values: readonly number[]): Offset {
    this.#builder.startVector(4, values.length, 4)
    for (const value of values.toReversed()) this.#builder.addInt32(value)
    return this.#builder.endVector()
  }

  offsets(values: readonly Offset[]): Offset {
    this.#builder.startVector(4, values.length, 4)
    for (const value of values.toReversed()) this.#builder.addOffset(value)
    return this.#builder.endVector()
  }

  /** Bytes that begin at a multiple of 16. */
  alignedBytes(values: Uint8Array): Offset {
    this.#builder.prep(16, values.length)
    return this.#builder.createByteVector(values)
  }

  finish(root: Offset, identifier: string): Uint8Array {
    this.#builder.finish(root, identifier)
    return this.#builder.asUint8Array()
  }
}
