import { sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** Values side by side along their channels. */
export const concat: Kernel = (values, shape) => {
  const y = new Float32Array(sizeOf(shape))
  const pixels = sizeOf(shape.slice(0, -1))
  let at = 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const { shape, data } of values) {
      const channels = shape.at(-1) as number
      y.set(data.subarray(pixel * channels, (pixel + 1) * channels), at)
      at += channels
    }
  }
  return y
}
