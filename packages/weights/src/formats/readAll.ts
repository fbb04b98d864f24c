import { type Parameter, sizeOf } from '@resnet-ts/graph'
import { CheckpointError } from '../errors.js'
import { describeShape, quote } from '../text.js'

/**
 * The values of a tensor that is about to be written.
 *
 * @throws {CheckpointError} when they are not those that its shape promises
 */
export function readAll(name: string, tensor: Parameter): Float32Array {
  const values = tensor.read()
  if (values.length !== sizeOf(tensor.shape)) {
    throw new CheckpointError({
      subject: `tensor ${quote(name)}`,
      expected: `${sizeOf(tensor.shape)} values for ${describeShape(tensor.shape)}`,
      found: String(values.length),
    })
  }
  return values
}
