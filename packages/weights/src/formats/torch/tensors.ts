import { sizeOf } from '@resnet-ts/graph'
import type { CheckpointTensor } from '../../checkpoint.js'
import { decode } from '../../dtypes.js'
import { CheckpointError } from '../../errors.js'
import { describeShape, quote } from '../../text.js'
import { bytesPerElement } from '../pickle/names.js'
import type { PickledArray, PickledTensor } from '../pickle/values.js'

/** A tensor that repeats its storage's elements may grow to 64 MB of F32. */
const mostRepeated = 2 ** 24

/** The bytes of a storage, and how many there are without reading them. */
export interface StorageBytes {
  readonly size: number
  read(): Uint8Array
}

/**
 * A pickled tensor over the bytes of its storage: a view of them where it lies in one piece, else gathered when it is
 * read.
 *
 * @throws {CheckpointError} when it reaches beyond its storage
 */
export function tensorOf(name: string, tensor: PickledTensor, storage: StorageBytes): CheckpointTensor {
  const { dtype, shape, strides } = tensor
  const fail = (expected: string, found: string): never => {
    throw new CheckpointError({ subject: `tensor ${quote(name)}`, expected, found })
  }
  const width = bytesPerElement.get(dtype) ?? fail('a known element type', dtype)
  const count = sizeOf(shape)
  const available = Math.floor(storage.size / width)
  const first = tensor.offset + tensor.storage.offset
  const last = count > 0 ? shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, first) : first - 1
  if (!(last < available)) {
    fail(`at least ${last + 1} elements in its storage for ${describeShape(shape)}`, String(available))
  }
  if (count > Math.max(available, mostRepeated)) fail('a size near that of its storage', describeShape(shape))
  const contiguous = isContiguous(shape, strides)
  return {
    dtype,
    shape,
    read() {
      const bytes = storage.read()
      const piece = contiguous
        ? bytes.subarray(first * width, (first + count) * width)
        : gather(bytes, { shape, strides, first, width })
      return decode(name, dtype, piece)
    },
  }
}

/** The tensor of a NumPy array in a pickle. */
export function tensorOfArray(name: string, { dtype, shape, bytes, fortranOrder }: PickledArray): CheckpointTensor {
  const width = dtype === undefined ? undefined : bytesPerElement.get(dtype)
  if (dtype === undefined || width === undefined || bytes.length !== sizeOf(shape) * width) {
    const found = `${bytes.length} bytes for ${describeShape(shape)}`
    throw new CheckpointError({ subject: `array ${quote(name)}`, expected: 'numbers of its shape', found })
  }
  return { dtype, shape, read: () => decode(name, dtype, fortranOrder ? rowByRow(bytes, shape, width) : bytes) }
}

/** The elements of an array in Fortran's order (the first axis varies fastest) row by row. */
export function rowByRow(bytes: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)))
  return gather(bytes, { shape, strides, first: 0, width })
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return sizeOf(shape) === 0
    expected *= shape[axis]!
  }
  return true
}

interface Layout {
  readonly shape: readonly number[]
  /** In elements. */
  readonly strides: readonly number[]
  readonly first: number
  /** Bytes an element. */
  readonly width: number
}

/** The elements of a strided tensor row by row. */
function gather(bytes: Uint8Array, { shape, strides, first, width }: Layout): Uint8Array {
  const count = sizeOf(shape)
  const gathered = new Uint8Array(count * width)
  const index = shape.map(() => 0)
  let from = first
  for (let to = 0; to < count; to++) {
    for (let byte = 0; byte < width; byte++) gathered[to * width + byte] = bytes[from * width + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= shape[axis]! * strides[axis]!
      index[axis] = 0
    }
  }
  return gathered
}
