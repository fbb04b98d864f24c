import { sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** `exp(x) / Σ exp(x)` over the channels; the greatest is taken off first, so that nothing overflows. */
export const softmax: Kernel = ([x], shape) => {
  const channels = shape.at(-1) as number
  const y = new Float32Array(sizeOf(shape))
  for (let first = 0; first < y.length; first += channels) {
    const row = Float64Array.from(x.data.subarray(first, first + channels))
    const greatest = row.reduce((left, right) => Math.max(left, right))
    const exponentials = row.map((value) => Math.exp(value - greatest))
    const sum = exponentials.reduce((left, right) => left + right)
    y.set(
      exponentials.map((value) => value / sum),
      first,
    )
  }
  return y
}
