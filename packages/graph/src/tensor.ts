import { describeValue } from './describe.js'
import { ShapeError } from './errors.js'

/** What a value is made of. One member today; quantised types join it with the ops that produce them. */
export type DType = 'float32'

/** `[batch, height, width, channels]` of an image or a feature map, `[batch, channels]` of a vector. */
export type Shape = readonly number[]

/** A value that goes into or comes out of a session. Images and feature maps are NHWC, row by row. */
export interface Tensor {
  /** What its elements are. */
  readonly dtype: DType
  /** The size of each axis, the batch first. */
  readonly shape: Shape
  /** The elements, the last axis fastest. */
  readonly data: Float32Array
}

/** How many elements a shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/**
 * A float32 tensor over `data`, which is not copied.
 *
 * @throws {ShapeError} when `shape` is none, or `data` are not float32 or not as many as it promises
 */
export function tensor(shape: Shape, data: Float32Array): Tensor {
  checkTensor({ shape, data }, 'tensor')
  return { dtype: 'float32', shape, data }
}

/** Whether a value is a list of whole numbers, none of them negative. */
export function isShape(shape: unknown): shape is Shape {
  return Array.isArray(shape) && Array.from(shape).every((size) => Number.isSafeInteger(size) && size >= 0)
}

/**
 * Checks that a tensor, which may come from code without types, is one.
 *
 * @throws {ShapeError} when its shape is none, or its data are not float32 or not as many as the shape promises
 */
export function checkTensor({ shape, data }: Pick<Tensor, 'shape' | 'data'>, subject: string): void {
  const fail = (expected: string, found: string) => {
    throw new ShapeError({ subject, expected, found })
  }
  if (!isShape(shape)) fail('a shape of whole numbers', describeValue(shape))
  // Not `instanceof`: arrays of another window or realm are as good.
  const type = Object.prototype.toString.call(data).slice('[object '.length, -1)
  if (type !== 'Float32Array') fail('its data in a Float32Array', type)
  if (data.length !== sizeOf(shape))
    fail(`${sizeOf(shape)} elements for its shape [${shape.join(', ')}]`, String(data.length))
}
