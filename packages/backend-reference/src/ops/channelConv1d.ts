import type { ChannelConv1dAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** A 1-D cross-correlation along the channels, zero beyond the first and the last. */
export function channelConv1d({ kernel }: ChannelConv1dAttributes, weight: Float32Array): Kernel {
  const before = (kernel - 1) / 2
  return ([x], shape) => {
    const channels = shape.at(-1) as number
    return x.data.map((_, index) => {
      const channel = index % channels
      let sum = 0
      for (let tap = 0; tap < kernel; tap++) {
        const from = channel + tap - before
        if (from >= 0 && from < channels) sum += x.data[index + tap - before] * weight[tap]
      }
      return sum
    })
  }
}
