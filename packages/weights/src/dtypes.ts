import { sizeOf } from '@resnet-ts/graph'
import {
  decodeBfloat16,
  decodeFloat16,
  decodeFloat32,
  decodeFloat64,
  encodeBfloat16,
  encodeFloat16,
  encodeFloat32,
} from '@resnet-ts/graph/floats'
import type { CheckpointTensor } from './checkpoint.js'
import { CheckpointError } from './errors.js'
import { quote } from './text.js'

/** The element types that are written. */
export type FloatDType = 'F32' | 'F16' | 'BF16'

/** Bits an element, of all types that safetensors knows. */
export const bitsPerElement: ReadonlyMap<string, number> = new Map([
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['BOOL', 8],
  ['U8', 8],
  ['I8', 8],
  ['F8_E4M3', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E5M2', 8],
  ['F8_E5M2FNUZ', 8],
  ['F8_E8M0', 8],
  ['U16', 16],
  ['I16', 16],
  ['F16', 16],
  ['BF16', 16],
  ['U32', 32],
  ['I32', 32],
  ['F32', 32],
  ['U64', 64],
  ['I64', 64],
  ['F64', 64],
  ['C64', 64],
])

/**
 * How many bytes a file needs for the elements of a tensor, its own compression aside.
 *
 * @returns nothing for types of which that is not known
 */
export function storedBytes({ dtype, quantized, shape }: Omit<CheckpointTensor, 'read'>): number | undefined {
  const bits = bitsPerElement.get(quantized ?? dtype)
  return bits === undefined ? undefined : Math.ceil((sizeOf(shape) * bits) / 8)
}

interface Codec {
  readonly bytes: number
  /** May return a view of `bytes`. */
  decode(bytes: Uint8Array): Float32Array
  /** `target` has exactly the size that `values` need. */
  encode(values: Float32Array, target: Uint8Array): void
}

const codecs: Readonly<Record<FloatDType, Codec>> = {
  F32: { bytes: 4, decode: (bytes) => decodeFloat32(bytes), encode: (values, target) => encodeFloat32(values, target) },
  F16: { bytes: 2, decode: decodeFloat16, encode: encodeFloat16 },
  BF16: { bytes: 2, decode: decodeBfloat16, encode: encodeBfloat16 },
}

/** How elements of this type are written, and read again; nothing when they are not written. */
export function codecOf(dtype: string): Codec | undefined {
  return Object.hasOwn(codecs, dtype) ? codecs[dtype as FloatDType] : undefined
}

/** How elements of this type are read; nothing when they are not. */
export function decoderOf(dtype: string): Codec['decode'] | undefined {
  return dtype === 'F64' ? decodeFloat64 : codecOf(dtype)?.decode
}

/**
 * The values in `bytes`, perhaps a view of them.
 *
 * @throws {CheckpointError} when they are not of a type that can be read
 */
export function decode(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  const decoder = decoderOf(dtype)
  if (!decoder) throw unreadable(name, dtype)
  return decoder(bytes)
}

/** What reading a tensor of any other element type raises. */
export function unreadable(name: string, dtype: string): CheckpointError {
  return new CheckpointError({
    subject: `tensor ${quote(name)}`,
    expected: 'elements of type F64, F32, F16 or BF16',
    found: dtype,
    advice: 'convert it to one of these before saving the checkpoint',
  })
}
