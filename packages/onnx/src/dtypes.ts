import { decodeBfloat16, decodeFloat16, decodeFloat32 } from '@resnet-ts/graph/floats'

/** The types of elements, by the names that onnxruntime gives them in JavaScript. */
export type OnnxDType =
  | 'undefined'
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'
  | 'complex64'
  | 'complex128'
  | 'bfloat16'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'uint4'
  | 'int4'
  | 'float4e2m1'
  | 'float8e8m0'

/** In the order of `TensorProto.DataType`, whose numbers are the places in this list. */
const dtypes: readonly OnnxDType[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
]

/** The number of a type in a file. */
export function codeOf(dtype: OnnxDType): number {
  return dtypes.indexOf(dtype)
}

/** The type of a number in a file; `undefined`, ONNX's own word, for numbers that nobody knows. */
export function dtypeOf(code: number): OnnxDType {
  return dtypes[code] ?? 'undefined'
}

interface ElementType {
  /** The size of an element. */
  readonly bytes: number
  /** Elements as 32-bit floats. May be a view of `bytes`. */
  decode(bytes: Uint8Array): Float32Array
}

/** Types of a fixed number of whole bytes, whose elements are numbers. */
const elementTypes: { readonly [Type in OnnxDType]?: ElementType } = {
  float32: { bytes: 4, decode: decodeFloat32 },
  float16: { bytes: 2, decode: decodeFloat16 },
  bfloat16: { bytes: 2, decode: decodeBfloat16 },
  float64: elements(8, (view, at) => view.getFloat64(at, true)),
  int64: elements(8, (view, at) => Number(view.getBigInt64(at, true))),
  uint64: elements(8, (view, at) => Number(view.getBigUint64(at, true))),
  int32: elements(4, (view, at) => view.getInt32(at, true)),
  uint32: elements(4, (view, at) => view.getUint32(at, true)),
  int16: elements(2, (view, at) => view.getInt16(at, true)),
  uint16: elements(2, (view, at) => view.getUint16(at, true)),
  int8: elements(1, (view, at) => view.getInt8(at)),
  uint8: elements(1, (view, at) => view.getUint8(at)),
  bool: elements(1, (view, at) => view.getUint8(at)),
}

/** How elements of a type are stored; nothing where they are not numbers of whole bytes. */
export function elementTypeOf(dtype: OnnxDType): ElementType | undefined {
  return elementTypes[dtype]
}

function elements(bytes: number, get: (view: DataView, at: number) => number): ElementType {
  return {
    bytes,
    decode(data) {
      const view = new DataView(data.buffer, data.byteOffset, data.length)
      const values = new Float32Array(data.length / bytes)
      for (let index = 0; index < values.length; index++) values[index] = get(view, bytes * index)
      return values
    },
  }
}
