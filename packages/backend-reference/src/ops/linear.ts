import { type LinearAttributes, sizeOf } from '@resnet-ts/graph'
import { dot } from '../dot.js'
import type { Kernel } from '../kernel.js'

/** `x · weightᵀ + bias`. */
export function linear(attributes: LinearAttributes, weight: Float32Array, bias: Float32Array | undefined): Kernel {
  const { inChannels, outChannels } = attributes
  return ([x], shape) => {
    const y = new Float32Array(sizeOf(shape))
    for (let n = 0; n < shape[0]; n++) {
      const row = Float64Array.from(x.data.subarray(n * inChannels, (n + 1) * inChannels))
      for (let out = 0; out < outChannels; out++) {
        y[n * outChannels + out] = dot(row, weight, out * inChannels) + (bias?.[out] ?? 0)
      }
    }
    return y
  }
}
