import type { GroupNormAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** `(x − mean) / √(variance + epsilon) · weight + bias`, with the (biased) moments of each image's group of channels. */
export function groupNorm(
  { channels, groups, epsilon }: GroupNormAttributes,
  weight: Float32Array,
  bias: Float32Array,
): Kernel {
  const depth = channels / groups
  return ([x]) => {
    const [batch, height, width] = x.shape
    const area = height * width
    const y = new Float32Array(x.data.length)
    for (let n = 0; n < batch; n++) {
      for (let group = 0; group < groups; group++) {
        const first = n * area * channels + group * depth
        const { mean, variance } = moments(x.data, first, area, channels, depth)
        const scale = 1 / Math.sqrt(variance + epsilon)
        for (let pixel = 0; pixel < area; pixel++) {
          for (let i = 0; i < depth; i++) {
            const at = first + pixel * channels + i
            const channel = group * depth + i
            y[at] = (x.data[at] - mean) * scale * weight[channel] + bias[channel]
          }
        }
      }
    }
    return y
  }
}

/** Of `depth` channels from index `first` on, over all pixels. The mean is found first, so that nothing cancels. */
function moments(data: Float32Array, first: number, area: number, channels: number, depth: number) {
  const average = (of: (value: number) => number): number => {
    let sum = 0
    for (let pixel = 0; pixel < area; pixel++) {
      for (let i = 0; i < depth; i++) sum += of(data[first + pixel * channels + i])
    }
    return sum / (area * depth)
  }
  const mean = average((value) => value)
  return { mean, variance: average((value) => (value - mean) ** 2) }
}
