import { type GlobalPoolAttributes, type GlobalPoolKind, sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** A whole map to one value a channel; `catavgmax` to two. */
export function globalPool({ kind }: GlobalPoolAttributes): Kernel {
  return ([x], shape) => {
    const [batch, height, width, channels] = x.shape
    const area = height * width
    const outChannels = shape.at(-1) as number
    const y = new Float32Array(sizeOf(shape))
    for (let n = 0; n < batch; n++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        let maximum = Number.NEGATIVE_INFINITY
        for (let pixel = 0; pixel < area; pixel++) {
          const value = x.data[(n * area + pixel) * channels + channel]
          sum += value
          maximum = Math.max(maximum, value)
        }
        const values = pooled(kind, sum / area, maximum)
        for (const [half, value] of values.entries()) y[n * outChannels + half * channels + channel] = value
      }
    }
    return y
  }
}

function pooled(kind: GlobalPoolKind, average: number, maximum: number): number[] {
  switch (kind) {
    case 'avg':
      return [average]
    case 'max':
      return [maximum]
    case 'avgmax':
      return [0.5 * (average + maximum)]
    case 'catavgmax':
      return [average, maximum]
    default:
      return kind satisfies never
  }
}
