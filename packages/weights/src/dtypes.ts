import {
  decodeBfloat16,
  decodeFloat16,
  decodeFloat32,
  decodeFloat64,
  encodeBfloat16,
  encodeFloat16,
  encodeFloat32,
} from '@resnet-ts/graph/floats'
import { CheckpointError } from './errors.js'
import { quote } from './text.js'

/** The element types that are written. */
export type FloatDType = 'F32' | 'F16' | 'BF16'

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
