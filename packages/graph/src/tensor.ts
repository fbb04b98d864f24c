import { ShapeError } from './errors.js'

/** What a value is made of. One member today; quantised types join it with the ops that produce them. */
export type DType = 'float32'

/** `[batch, height, width, channels]` of an image or a feature map, `[batch, channels]` of a vector. */
export type Shape = readonly number[]

/** A value that goes into or comes out of a session. Images and feature maps are NHWC, row by row. */
export interface Tensor {
  readonly dtype: DType
  readonly shape: Shape
  readonly data: Float32Array
}

/** How many elements a shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/**
 * A float32 tensor over `data`, which is not copied.
 *
 * @throws {ShapeError} when `data` has not exactly as many elements as `shape`
 */
export function tensor(shape: Shape, data: Float32Array): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError({
      subject: `tensor [${shape.join(', ')}]`,
      expected: `${sizeOf(shape)} elements`,
      found: String(data.length),
    })
  }
  return { dtype: 'float32', shape, data }
}
