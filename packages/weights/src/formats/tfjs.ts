import { sizeOf } from '@resnet-ts/graph'
import type { Checkpoint, CheckpointTensor } from '../checkpoint.js'
import { decode } from '../dtypes.js'
import { CheckpointError } from '../errors.js'
import { describeShape, quote } from '../text.js'
import { fetchListed, type Siblings } from './files.js'
import { field } from './json.js'
import { bytesPerElement, isCounts } from './pickle/names.js'

const subject = 'tfjs model'

/** tfjs's types by the safetensors names. */
const dtypes: ReadonlyMap<unknown, string> = new Map([
  ['float32', 'F32'],
  ['float16', 'F16'],
  ['int32', 'I32'],
  ['uint8', 'U8'],
  ['uint16', 'U16'],
  ['bool', 'BOOL'],
  ['complex64', 'C64'],
])

/** Whether a description in JSON is that of a tfjs model, or the list of its weights alone. */
export function isTfjsModel(description: unknown): boolean {
  return Array.isArray(manifestOf(description))
}

function manifestOf(description: unknown): unknown {
  return Array.isArray(description) && field(description[0], 'weights')
    ? description
    : field(description, 'weightsManifest')
}

/**
 * A model of TensorFlow.js, layers or graph: `model.json`, and the files that its `weightsManifest` lists, each group of
 * them one piece of memory in which the weights follow each other. Weights that were quantised to 8 or 16 bits are given
 * as the numbers they stand for, `scale · value + min`; those of float16 as they are. A layers model has Keras's names
 * and layouts, HWIO and `[in, out]`, which `translate` knows; a graph model has its nodes' names.
 *
 * @throws {CheckpointError} when it is malformed, or a file is not there
 */
export async function parseTfjs(description: unknown, siblings: Siblings): Promise<Checkpoint> {
  const groups = (manifestOf(description) as readonly unknown[]).map((group) => ({
    paths: listOf(group, 'paths'),
    weights: listOf(group, 'weights'),
  }))
  const files = await fetchListed(
    subject,
    groups.flatMap(({ paths }) => paths),
    siblings,
  )
  const tensors = new Map<string, CheckpointTensor>()
  for (const { paths, weights } of groups) {
    const memory = new Pieces(paths.map((path) => files.get(path as string)!))
    let at = 0
    for (const weight of weights) {
      const { name, tensor, size } = tensorOf(weight, memory, at)
      if (tensors.has(name)) throw refusal('every weight once', `a second ${quote(name)}`)
      if (tensor) tensors.set(name, tensor)
      at += size
    }
    if (at !== memory.size) throw refusal(`${at} bytes of weights, as it lists`, `${memory.size} in its files`)
  }
  return { format: 'tfjs', metadata: textsOf(description), tensors }
}

/** What the description says of itself: `{ format: 'graph-model' }`, and what made it. */
function textsOf(description: unknown): Record<string, string> {
  const texts = ['format', 'generatedBy', 'convertedBy'].map((key) => [key, field(description, key)] as const)
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function listOf(group: unknown, key: string): readonly unknown[] {
  const list = field(group, key)
  if (!Array.isArray(list)) throw refusal(`a list of ${key} in each group`, typeof list)
  return list
}

interface Weight {
  readonly name: string
  /** Nothing for one of text, which is no parameter. */
  readonly tensor: CheckpointTensor | undefined
  /** Bytes that it takes. */
  readonly size: number
}

function tensorOf(weight: unknown, memory: Pieces, at: number): Weight {
  const [name, shape, dtype] = [field(weight, 'name'), field(weight, 'shape'), field(weight, 'dtype')]
  if (typeof name !== 'string' || !isCounts(shape)) throw refusal('the name and shape of each weight', 'something else')
  if (dtype === 'string') return { name, tensor: undefined, size: textSize(memory, at, sizeOf(shape)) }
  const quantization = quantizationOf(name, weight)
  const stored = quantization?.dtype ?? dtypes.get(dtype) ?? fail(name, 'a type that tfjs has', quote(String(dtype)))
  const size = sizeOf(shape) * bytesPerElement.get(stored)!
  if (!(at + size <= memory.size))
    fail(name, `${size} bytes for ${stored} ${describeShape(shape)}`, `${memory.size - at}`)
  const bytes = () => memory.slice(at, at + size)
  if (quantization && stored !== 'F16') {
    const tensor = { dtype: 'F32', quantized: stored, shape, read: () => dequantize(bytes(), quantization) }
    return { name, size, tensor }
  }
  return { name, size, tensor: { dtype: stored, shape, read: () => decode(name, stored, bytes()) } }
}

interface Quantization {
  readonly dtype: string
  readonly scale: number
  readonly min: number
}

function quantizationOf(name: string, weight: unknown): Quantization | undefined {
  const quantization = field(weight, 'quantization')
  if (quantization === undefined || quantization === null) return undefined
  const dtype = dtypes.get(field(quantization, 'dtype'))
  const [scale, min] = [field(quantization, 'scale'), field(quantization, 'min')]
  if (dtype === 'F16') return { dtype, scale: 1, min: 0 }
  if ((dtype !== 'U8' && dtype !== 'U16') || typeof scale !== 'number' || typeof min !== 'number') {
    return fail(name, 'weights quantised to float16, uint8 or uint16', quote(String(field(quantization, 'dtype'))))
  }
  if (field(weight, 'dtype') !== 'float32') fail(name, 'quantised floats', quote(String(field(weight, 'dtype'))))
  return { dtype, scale, min }
}

function dequantize(bytes: Uint8Array, { dtype, scale, min }: Quantization): Float32Array {
  if (dtype === 'U8') return Float32Array.from(bytes, (value) => value * scale + min)
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => {
    return (bytes[2 * index]! | (bytes[2 * index + 1]! << 8)) * scale + min
  })
}

/** Texts have their lengths before them, four bytes each. */
function textSize(memory: Pieces, at: number, count: number): number {
  let end = at
  for (let left = count; left > 0; left--) {
    if (end + 4 > memory.size) throw refusal('texts within the files of weights', 'others')
    const [a, b, c, d] = memory.slice(end, end + 4) as unknown as [number, number, number, number]
    end += 4 + a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24
  }
  return end - at
}

/** Files that follow each other as if they were one. */
class Pieces {
  readonly size: number
  readonly #pieces: readonly { readonly start: number; readonly bytes: Uint8Array }[]

  constructor(files: readonly Uint8Array[]) {
    let size = 0
    this.#pieces = files.map((bytes) => {
      const start = size
      size += bytes.length
      return { start, bytes }
    })
    this.size = size
  }

  /** A view where the bytes are in one file, else a copy. */
  slice(start: number, end: number): Uint8Array {
    const touched = this.#pieces.filter((piece) => piece.start < end && piece.start + piece.bytes.length > start)
    const parts = touched.map((piece) => piece.bytes.subarray(Math.max(0, start - piece.start), end - piece.start))
    if (parts.length === 1) return parts[0]!
    const joined = new Uint8Array(end - start)
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return joined
  }
}

function fail(name: string, expected: string, found: string): never {
  throw new CheckpointError({ subject: `weight ${quote(name)}`, expected, found })
}

function refusal(expected: string, found: string): CheckpointError {
  return new CheckpointError({ subject, expected, found })
}
