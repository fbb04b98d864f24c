import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { codeOf, dtypeOf, elementTypeOf, type OnnxDType } from '../dtypes.js'
import { OnnxError } from '../errors.js'
import type { OnnxInteger, OnnxTensor } from '../model.js'
import { describeShape, quote } from '../text.js'
import type { Budget, FieldReaders } from './fields.js'
import { readFields } from './fields.js'

/** What the objects of a tensor take beside those of other messages, roughly, in bytes. */
const tensorCost = 512

/** The fields of `TensorProto` that hold elements, other than `raw_data`. */
const dataFields = { float: 4, int32: 5, int64: 7, double: 10, uint64: 11 } as const

/** Which of them holds the elements of a type. */
function dataFieldOf(dtype: OnnxDType): number {
  switch (dtype) {
    case 'float32':
      return dataFields.float
    case 'float64':
      return dataFields.double
    case 'int64':
      return dataFields.int64
    case 'uint32':
    case 'uint64':
      return dataFields.uint64
    default:
      return dataFields.int32
  }
}

/** `TensorProto`, as it stands in a file. */
class RawTensor {
  name = ''
  dtype: OnnxDType = 'undefined'
  readonly shape: OnnxInteger[] = []
  raw: Uint8Array | undefined
  /** What other fields than `raw_data` hold, and which. */
  readonly pieces: { readonly field: number; readonly bytes: Uint8Array }[] = []
  isExternal = false
  /** The file that holds the elements, if they are external. */
  location = ''
}

/**
 * Reads a `TensorProto`. Its elements stay where they are in the file, unless they are stored as varints.
 *
 * @throws {OnnxError} when it has not the elements that its shape promises
 */
export function readTensor(bytes: Uint8Array, fields: FieldReaders, budget: Budget): OnnxTensor {
  budget.spend(tensorCost)
  const raw = new RawTensor()
  const pieces = (field: number, wireType: WireType) => ({
    [field]: fields.pieces(wireType, (bytes) => raw.pieces.push({ field, bytes })),
  })
  readFields(bytes, {
    1: fields.integers((size) => raw.shape.push(size)),
    2: fields.small((code) => {
      raw.dtype = dtypeOf(code)
    }),
    ...pieces(dataFields.float, WireType.Bit32),
    ...pieces(dataFields.int32, WireType.Varint),
    ...pieces(dataFields.int64, WireType.Varint),
    8: fields.text((name) => {
      raw.name = name
    }),
    9: fields.bytes((data) => {
      raw.raw = data
    }),
    ...pieces(dataFields.double, WireType.Bit64),
    ...pieces(dataFields.uint64, WireType.Varint),
    13: fields.message((entry) => {
      const [key, value] = readEntry(entry, fields)
      if (key === 'location') raw.location = value
    }),
    14: fields.small((location) => {
      raw.isExternal = location === 1
    }),
  })
  return tensorOf(raw, budget)
}

/** `StringStringEntryProto`. */
export function readEntry(bytes: Uint8Array, fields: FieldReaders): readonly [key: string, value: string] {
  let key = ''
  let value = ''
  readFields(bytes, {
    1: fields.text((text) => {
      key = text
    }),
    2: fields.text((text) => {
      value = text
    }),
  })
  return [key, value]
}

function tensorOf(raw: RawTensor, budget: Budget): OnnxTensor {
  const { name, dtype } = raw
  const subject = `tensor ${quote(name)}`
  const shape = raw.shape.map((size) => {
    if (typeof size === 'number' && size >= 0) return size
    throw new OnnxError({ subject, expected: 'a shape of whole numbers', found: `the size ${size}` })
  })
  const type = elementTypeOf(dtype)
  if (raw.isExternal || !type) {
    const refuse = () => {
      throw raw.isExternal ? isExternal(subject, raw.location) : isOfOtherType(subject, dtype)
    }
    return { name, dtype, shape, bytes: refuse, read: refuse }
  }
  const count = shape.reduce((product, size) => product * size, 1)
  const data = dataOf(raw, type.bytes, budget)
  if (data.length !== count * type.bytes) {
    throw new OnnxError({
      subject,
      expected: `${count * type.bytes} bytes of ${dtype} for its shape ${describeShape(shape)}`,
      found: String(data.length),
    })
  }
  return { name, dtype, shape, bytes: () => data, read: () => type.decode(data) }
}

function isExternal(subject: string, location: string): OnnxError {
  return new OnnxError({
    subject,
    expected: 'its elements in the ONNX file itself',
    found: location ? `that they are in another, ${quote(location)}` : 'that they are in another',
    advice: 'save the model in one file, in Python with onnx.save(onnx.load(path), path2)',
  })
}

function isOfOtherType(subject: string, dtype: OnnxDType): OnnxError {
  return new OnnxError({
    subject,
    expected: 'elements that are numbers of whole bytes',
    found: codeOf(dtype) === 0 ? 'an unknown type' : dtype,
  })
}

/** The elements, little-endian. */
function dataOf(raw: RawTensor, size: number, budget: Budget): Uint8Array {
  if (raw.raw) return raw.raw
  const field = dataFieldOf(raw.dtype)
  const pieces = raw.pieces.filter((piece) => piece.field === field).map(({ bytes }) => bytes)
  if (pieces.length > 1) budget.spend(pieces.reduce((sum, piece) => sum + piece.length, 0))
  const joined = pieces.length === 1 ? pieces[0] : join(pieces)
  return field === dataFields.float || field === dataFields.double ? joined : decodeVarints(joined, size, budget)
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

/** Varints as little-endian elements of `size` bytes. Smaller types than 64 bits have been widened with their sign. */
function decodeVarints(varints: Uint8Array, size: number, budget: Budget): Uint8Array {
  // Each ends with the one byte of its own that has no high bit.
  const count = varints.reduce((sum, byte) => sum + (byte < 0x80 ? 1 : 0), 0)
  budget.spend(count * size)
  const bytes = new Uint8Array(count * size)
  const view = new DataView(bytes.buffer)
  const reader = new BinaryReader(varints)
  for (let at = 0; at < bytes.length; at += size) {
    if (size === 8) view.setBigInt64(at, BigInt(reader.int64()), true)
    else if (size === 4) view.setInt32(at, reader.int32(), true)
    else if (size === 2) view.setInt16(at, reader.int32(), true)
    else bytes[at] = reader.int32()
  }
  if (reader.pos !== varints.length) throw new RangeError('a number that is cut off')
  return bytes
}
