import type { BatchNormAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** `(x − mean) / √(variance + epsilon) · weight + bias`, a channel at a time. */
export function batchNorm(
  { channels, epsilon }: BatchNormAttributes,
  weight: Float32Array,
  bias: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
): Kernel {
  const scale = Float64Array.from(weight, (value, channel) => value / Math.sqrt(variance[channel] + epsilon))
  return ([x]) =>
    x.data.map((value, index) => {
      const channel = index % channels
      return (value - mean[channel]) * scale[channel] + bias[channel]
    })
}
