import type { Interpolation } from '@resnet-ts/graph'

interface Filter {
  /** How far from its centre the filter reaches, in pixels of the image at a scale of 1. */
  readonly support: number
  weight(distance: number): number
}

const filters: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
}

function triangle(distance: number): number {
  const x = Math.abs(distance)
  return x < 1 ? 1 - x : 0
}

// Keys' cubic convolution with a = −0.5 (IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981), in
// the order of operations that Pillow has.
function cubic(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a
  return 0
}

/** Bits after the point of a weight, so that 8 bits of pixel, 2 of overshoot and these fit 32. */
export const precisionBits = 32 - 8 - 2

/** What each output position of a pass takes from the input: `lengths[i]` neighbours from `starts[i]` on. */
export interface Coefficients {
  readonly starts: Int32Array
  readonly lengths: Int32Array
  /** In fixed point with `precisionBits` bits after the point; those of position i begin at `i * stride`. */
  readonly weights: Int32Array
  readonly stride: number
}

/**
 * The weights of a resize in one direction, antialiased: when the image shrinks, the filter widens.
 *
 * Follows Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` (libImaging/Resample.c) operation for operation.
 *
 * @param inputSize, outputSize in pixels
 * @param first, count the output positions wanted
 */
export function coefficientsOf(
  interpolation: Interpolation,
  inputSize: number,
  outputSize: number,
  first: number,
  count: number,
): Coefficients {
  const filter = filters[interpolation]
  const scale = inputSize / outputSize
  const filterScale = Math.max(scale, 1)
  const support = filter.support * filterScale
  const stride = Math.ceil(support) * 2 + 1
  const inverse = 1 / filterScale

  const starts = new Int32Array(count)
  const lengths = new Int32Array(count)
  const weights = new Int32Array(count * stride)
  const exact = new Float64Array(stride)
  for (let i = 0; i < count; i++) {
    const centre = (first + i + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const length = Math.min(inputSize, Math.trunc(centre + support + 0.5)) - start
    let sum = 0
    for (let k = 0; k < length; k++) {
      exact[k] = filter.weight((k + start - centre + 0.5) * inverse)
      sum += exact[k]!
    }
    for (let k = 0; k < length; k++) weights[i * stride + k] = toFixedPoint(sum === 0 ? exact[k]! : exact[k]! / sum)
    starts[i] = start
    lengths[i] = length
  }
  return { starts, lengths, weights, stride }
}

function toFixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** precisionBits + (weight < 0 ? -0.5 : 0.5))
}
