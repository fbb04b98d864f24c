import { type Parameter, sizeOf } from '@resnet-ts/graph'
import { encodeFloat32 } from '@resnet-ts/graph/floats'
import { readAll } from '../readAll.js'
import { writeZip } from '../zip/writeZip.js'

/**
 * A NumPy `.npz` file of `tensors` in float32, as `numpy.load` reads it: a network's `Params`, or a checkpoint's
 * tensors. They keep their order, and equal input gives equal bytes. It is not compressed, and every array begins at
 * a multiple of 64 bytes.
 *
 * @throws {CheckpointError} when a tensor has not the values its shape promises, or one of a checkpoint cannot be read
 */
export function writeNpz(tensors: ReadonlyMap<string, Parameter>): Uint8Array<ArrayBuffer> {
  return writeZip([...tensors].map(([name, tensor]) => ({ name: `${name}.npy`, pieces: npyPieces(name, tensor) })))
}

function npyPieces(name: string, tensor: Parameter): readonly Uint8Array[] {
  const data = new Uint8Array(4 * sizeOf(tensor.shape))
  encodeFloat32(readAll(name, tensor), data)
  return [npyHeader(tensor.shape), data]
}

function npyHeader(shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10
  const header = new TextEncoder().encode(`.NUMPY..  ${text.padEnd(length - 1)}\n`)
  header.set([0x93])
  header.set([1, 0, length & 0xff, length >> 8], 6)
  return header
}
