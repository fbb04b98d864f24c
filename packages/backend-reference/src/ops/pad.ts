import { type PadAttributes, sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'

/** Pixels around a map, mirrored or zero, and zero channels before and after its own. */
export function pad({ padding, channels: [channelsBefore], mode }: PadAttributes): Kernel {
  const [top, , , left] = padding
  return ([x], shape) => {
    const [batch, height, width, channels] = x.shape
    const [, outHeight, outWidth, outChannels] = shape
    const y = new Float32Array(sizeOf(shape))
    for (let n = 0; n < batch; n++) {
      for (let oy = 0; oy < outHeight; oy++) {
        for (let ox = 0; ox < outWidth; ox++) {
          const iy = mode === 'reflect' ? mirror(oy - top, height) : oy - top
          const ix = mode === 'reflect' ? mirror(ox - left, width) : ox - left
          if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue
          const from = ((n * height + iy) * width + ix) * channels
          const to = ((n * outHeight + oy) * outWidth + ox) * outChannels
          y.set(x.data.subarray(from, from + channels), to + channelsBefore)
        }
      }
    }
    return y
  }
}

/** An index beyond an axis, mirrored at its first or last one, which is not repeated. */
function mirror(index: number, size: number): number {
  if (index < 0) return -index
  return index < size ? index : 2 * (size - 1) - index
}
