import type { Tensor } from '@resnet-ts/graph'

/** A convolution of odd, square kernels, padded so that a stride of 1 keeps the size. */
export interface Convolution {
  readonly kernel: number
  readonly stride: number
  readonly groups: number
}

/**
 * What a convolution of an image [1, height, width, inChannels] with a weight [outChannels, inChannels / groups, kernel,
 * kernel] yields, in float64, and the largest output that inputs and filters of such sizes could have, max|x| · max Σ|w|.
 */
export function exactConvolution(x: Tensor, weight: Tensor, { kernel, stride, groups }: Convolution) {
  const [, inHeight, inWidth, inChannels] = x.shape
  const [outChannels, inPerGroup] = weight.shape
  const [height, width] = [Math.ceil(inHeight / stride), Math.ceil(inWidth / stride)]
  const half = (kernel - 1) / 2
  const area = kernel * kernel
  const outPerGroup = outChannels / groups
  const y = new Float64Array(height * width * outChannels)
  for (let place = 0; place < height * width * area; place++) {
    const [pixel, tap] = [Math.floor(place / area), place % area]
    const row = Math.floor(pixel / width) * stride + Math.floor(tap / kernel) - half
    const column = (pixel % width) * stride + (tap % kernel) - half
    if (row < 0 || column < 0 || row >= inHeight || column >= inWidth) continue
    for (let out = 0; out < outChannels; out++) {
      const from = (row * inWidth + column) * inChannels + Math.floor(out / outPerGroup) * inPerGroup
      const at = out * inPerGroup * area + tap
      let sum = 0
      for (let c = 0; c < inPerGroup; c++) sum += x.data[from + c] * weight.data[at + c * area]
      y[pixel * outChannels + out] += sum
    }
  }
  return { y, largestPossible: largestOf(x.data) * largestFilter(weight) }
}

/** max Σ|w| of a filter. */
function largestFilter({ shape: [outChannels], data }: Tensor): number {
  const length = data.length / outChannels
  const sums = Array.from({ length: outChannels }, (_, out) => {
    return data.subarray(out * length, (out + 1) * length).reduce((sum, value) => sum + Math.abs(value), 0)
  })
  return Math.max(...sums)
}

export function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
