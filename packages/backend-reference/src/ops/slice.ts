import { resolveRange, type SliceAttributes, sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** `x[:, rows, columns, channels]`. */
export function slice({ rows, columns, channels }: SliceAttributes): Kernel {
  return ([x], shape) => {
    const [, height, width, depth] = x.shape
    const [batch, outHeight, outWidth, outDepth] = shape
    const row = resolveRange(rows, height).start
    const column = resolveRange(columns, width).start
    const channel = resolveRange(channels, depth).start
    const y = new Float32Array(sizeOf(shape))
    let at = 0
    for (let n = 0; n < batch; n++) {
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const pixel = (n * height + row + oy * rows.step) * width + column + ox * columns.step
          for (let out = 0; out < outDepth; out++) y[at++] = x.data[pixel * depth + channel + out * channels.step]
        }
      }
    }
    return y
  }
}
