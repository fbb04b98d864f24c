import type { Tensor } from '@tensorflow/tfjs-core'
import type { TfjsOps } from '../tfjsOps.js'

/** The elements at `indices` along an axis. */
export function take(tf: TfjsOps, x: Tensor, axis: number, indices: readonly number[]): Tensor {
  return tf.gather(x, [...indices], axis)
}

/** Every n-th element along an axis, from the first. Not by stridedSlice, for which tfjs has no gradient. */
export function every(tf: TfjsOps, step: number, x: Tensor, axis: number): Tensor {
  if (step === 1) return x
  const count = Math.ceil(x.shape[axis] / step)
  const indices = Array.from({ length: count }, (_, index) => index * step)
  return take(tf, x, axis, indices)
}
