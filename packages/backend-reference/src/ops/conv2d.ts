import { type Conv2dAttributes, sizeOf } from '@resnet-ts/graph'
import { dot } from '../dot.js'
import type { Kernel } from '../kernel.js'
import { activationFunction } from './activation.js'
import { standardise } from './standardise.js'
import { type Place, placesOf } from './window.js'

/** `activation(conv(x) + bias + residual)`, where each but the convolution may be absent. */
export function conv2d(attributes: Conv2dAttributes, weight: Float32Array, bias: Float32Array | undefined): Kernel {
  const { groups, kernel, dilation, epilogue, standardise: epsilon } = attributes
  const used = epsilon === undefined ? weight : standardise(weight, attributes.outChannels, epsilon)
  const filters = channelsLast(used, attributes)
  const activate = epilogue?.activation ? activationFunction(epilogue.activation) : (x: number) => x
  return ([x, residual], shape) => {
    const [batch, height, width, inChannels] = x.shape
    const [, outHeight, outWidth, outChannels] = shape
    const rows = placesOf(attributes, 0, height, outHeight)
    const columns = placesOf(attributes, 1, width, outWidth)
    const depth = inChannels / groups
    const outDepth = outChannels / groups
    // What a window sees of one group's channels, in the order of a filter; zero where it is in the padding.
    const seen = new Float64Array(kernel[0] * kernel[1] * depth)

    const look = (n: number, row: Place, column: Place, group: number): void => {
      seen.fill(0)
      for (let ky = row.from; ky < row.to; ky++) {
        const line = n * height + row.start + ky * dilation[0]
        for (let kx = column.from; kx < column.to; kx++) {
          const pixel = (line * width + column.start + kx * dilation[1]) * inChannels + group * depth
          const tap = (ky * kernel[1] + kx) * depth
          for (let i = 0; i < depth; i++) seen[tap + i] = x.data[pixel + i]
        }
      }
    }

    const y = new Float32Array(sizeOf(shape))
    let at = 0
    for (let n = 0; n < batch; n++) {
      for (const row of rows) {
        for (const column of columns) {
          for (let group = 0; group < groups; group++) {
            look(n, row, column, group)
            for (let out = group * outDepth; out < (group + 1) * outDepth; out++) {
              const sum = dot(seen, filters, out * seen.length)
              y[at] = activate(sum + (bias?.[out] ?? 0) + (residual?.data[at] ?? 0))
              at++
            }
          }
        }
      }
    }
    return y
  }
}

/** Filters `[out, in / groups, kernelHeight, kernelWidth]` as `[out, kernelHeight, kernelWidth, in / groups]`. */
function channelsLast(weight: Float32Array, { outChannels, inChannels, groups, kernel }: Conv2dAttributes) {
  const depth = inChannels / groups
  const area = kernel[0] * kernel[1]
  const filters = new Float32Array(weight.length)
  for (let out = 0; out < outChannels; out++) {
    for (let i = 0; i < depth; i++) {
      for (let tap = 0; tap < area; tap++) {
        filters[(out * area + tap) * depth + i] = weight[(out * depth + i) * area + tap]
      }
    }
  }
  return filters
}
