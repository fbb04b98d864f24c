import { type BlurPoolAttributes, blurFilter, blurPadding, sizeOf } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import { pad } from './pad.js'

/** The mirrored map, each pixel's neighbourhood weighed by the binomial filter in both directions. */
export function blurPool(attributes: BlurPoolAttributes): Kernel {
  const { kernel, stride } = attributes
  const filter = blurFilter(attributes)
  const side = blurPadding(attributes)
  const mirrored = pad({ padding: [side, side, side, side], channels: [0, 0], mode: 'reflect' })
  return ([x], shape) => {
    const [batch, height, width, channels] = x.shape
    const padded = [batch, height + 2 * side, width + 2 * side, channels]
    const data = mirrored([x], padded)
    const [, outHeight, outWidth] = shape
    const y = new Float32Array(sizeOf(shape))
    let at = 0
    for (let n = 0; n < batch; n++) {
      for (let row = 0; row < outHeight; row++) {
        for (let column = 0; column < outWidth; column++) {
          for (let channel = 0; channel < channels; channel++) {
            let sum = 0
            for (let ky = 0; ky < kernel; ky++) {
              for (let kx = 0; kx < kernel; kx++) {
                const pixel = (n * padded[1] + row * stride + ky) * padded[2] + column * stride + kx
                sum += data[pixel * channels + channel] * filter[ky] * filter[kx]
              }
            }
            y[at++] = sum
          }
        }
      }
    }
    return y
  }
}
