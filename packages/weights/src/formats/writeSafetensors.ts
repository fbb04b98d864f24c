import { type Parameter, sizeOf } from '@resnet-ts/graph'
import { codecOf, type FloatDType } from '../dtypes.js'
import { CheckpointError } from '../errors.js'
import { describeShape, quote } from '../text.js'
import { readAll } from './readAll.js'
import { longestHeader } from './safetensors.js'

/** How a safetensors file is written. */
export interface SafetensorsOptions {
  /**
   * How elements are stored. F16 and BF16 round to nearest, ties to even; F16 makes what is beyond 65504 infinite.
   *
   * @defaultValue `F32`, which loses nothing
   */
  readonly dtype?: FloatDType | undefined
  /** Free text to carry along; other tools expect `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/**
 * A safetensors file of `tensors`: a network's `Params`, or a checkpoint's tensors. They keep their order, and equal
 * input gives equal bytes. The header is padded so that the data begins at a multiple of eight.
 *
 * @throws {CheckpointError} when a name cannot be written, a tensor has not the values its shape promises, or one of
 * a checkpoint cannot be read
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Parameter>,
  { dtype = 'F32', metadata }: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const codec = codecOf(dtype)
  if (!codec) {
    throw new CheckpointError({
      subject: 'option dtype',
      expected: "'F32', 'F16' or 'BF16'",
      found: quote(String(dtype)),
    })
  }
  const lines: string[] = []
  if (metadata) lines.push(`"__metadata__":${metadataLine(metadata)}`)
  let size = 0
  for (const [name, { shape }] of tensors) {
    checkName(name)
    const begin = size
    size += codec.bytes * checkedSize(name, shape)
    lines.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, size] })}`)
  }
  const header = paddedHeader(`{${lines.join(',')}}`)
  const file = new Uint8Array(8 + header.length + size)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const [name, tensor] of tensors) {
    const values = readAll(name, tensor)
    const end = at + codec.bytes * values.length
    codec.encode(values, file.subarray(at, end))
    at = end
  }
  return file
}

function paddedHeader(json: string): Uint8Array {
  const text = new TextEncoder().encode(json)
  const header = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20)
  header.set(text)
  if (header.length > longestHeader) {
    throw new CheckpointError({
      subject: 'safetensors header',
      expected: `at most ${longestHeader} bytes`,
      found: String(header.length),
    })
  }
  return header
}

function metadataLine(metadata: Readonly<Record<string, string>>): string {
  for (const [key, value] of Object.entries(metadata)) {
    const subject = `metadata ${quote(key)}`
    if (typeof value !== 'string') throw new CheckpointError({ subject, expected: 'text', found: typeof value })
    checkText(subject, key + value)
  }
  return JSON.stringify(metadata)
}

function checkName(name: string): void {
  const subject = `tensor ${quote(name)}`
  if (name === '__metadata__') {
    throw new CheckpointError({ subject, expected: 'another name', found: 'the one that the format reserves' })
  }
  checkText(subject, name)
}

/** Other readers of the format refuse what cannot be UTF-8. */
function checkText(subject: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new CheckpointError({ subject, expected: 'text of whole characters', found: 'half a surrogate pair' })
  }
}

function checkedSize(name: string, shape: readonly number[]): number {
  const size = sizeOf(shape)
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0) || !Number.isSafeInteger(size)) {
    throw new CheckpointError({
      subject: `tensor ${quote(name)}`,
      expected: 'a shape of whole numbers',
      found: describeShape(shape),
    })
  }
  return size
}
