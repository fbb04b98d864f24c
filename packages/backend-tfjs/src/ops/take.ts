import { gather, type Tensor } from '@tensorflow/tfjs-core'

/** The elements at `indices` along an axis. */
export function take(x: Tensor, axis: number, indices: readonly number[]): Tensor {
  return gather(x, [...indices], axis)
}

/**
 * Every n-th element along an axis, from the first. Not by stridedSlice, for which tfjs has no gradient.
 */
export function every(step: number, x: Tensor, axis: number): Tensor {
  if (step === 1) return x
  return take(
    x,
    axis,
    Array.from({ length: Math.ceil(x.shape[axis] / step) }, (_, index) => index * step),
  )
}
