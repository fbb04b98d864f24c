import type { Conv2dAttributes } from '@resnet-ts/graph'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { fusedActivations } from '../fusedForms.js'
import type { Context, Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'
import { leakySlope } from './activation.js'
import { transposed } from './transposed.js'
import { subsample, tfPadding } from './window.js'

/**
 * Groups are merged, as one dense convolution with zeros between them, up to this many channels: tfjs has no grouped
 * convolution, and many small ones cost more than the zeros do.
 */
const mergedChannels = 32

/** One dense tfjs convolution, of a run of the input's channels. */
interface Part {
  readonly firstChannel: number
  readonly channels: number
  readonly filter: Tensor
  readonly bias: Tensor | undefined
}

export function conv2d(
  attributes: Conv2dAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  context: Context,
): Kernel {
  if (attributes.groups > 1 && attributes.groups === attributes.inChannels) {
    return depthwise(attributes, weight, bias, context)
  }
  const { tf } = context
  const convolve = convolution(tf, tf.fused.conv2d, attributes)
  const parts = partsOf(attributes, weight, bias, context)
  if (parts.length === 1) return ([x]) => convolve(x, parts[0].filter, parts[0].bias)
  return ([x]) => {
    const results = parts.map(({ firstChannel, channels, filter, bias }) =>
      convolve(tf.slice(x, [0, 0, 0, firstChannel], [-1, -1, -1, channels]), filter, bias),
    )
    return tf.concat(results, 3)
  }
}

/** Every input channel by itself, with outChannels / inChannels filters each. */
function depthwise(
  attributes: Conv2dAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  { tf, upload }: Context,
): Kernel {
  const { inChannels, outChannels, kernel } = attributes
  // The type of tfjs's function leaves out explicit padding, which it takes as conv2d does.
  const convolve = convolution(tf, tf.fused.depthwiseConv2d as unknown as typeof tf.fused.conv2d, attributes)
  const values = transposed(weight, outChannels, kernel[0] * kernel[1])
  const filter = upload([...kernel, inChannels, outChannels / inChannels], values)
  const offset = bias && upload([outChannels], bias.slice())
  return ([x]) => convolve(x, filter, offset)
}

/** A tfjs convolution with a node's window and activation. */
function convolution(
  tf: TfjsOps,
  op: typeof tf.fused.conv2d,
  { kernel, stride, dilation, padding, epilogue }: Conv2dAttributes,
): (x: Tensor, filter: Tensor, bias: Tensor | undefined) => Tensor {
  // Where the kernel is one pixel wide there is nothing to dilate.
  const dilations = dilation.map((step, axis) => (kernel[axis] === 1 ? 1 : step)) as [number, number]
  // tfjs refuses strides together with dilation: then every place is computed, and some are taken.
  const sparse = stride.some((step) => step > 1) && dilations.some((step) => step > 1)
  const options = {
    strides: sparse ? 1 : ([...stride] as [number, number]),
    pad: tfPadding(padding),
    dilations,
    activation: epilogue?.activation
      ? fusedActivations[epilogue.activation as keyof typeof fusedActivations]
      : 'linear',
    leakyreluAlpha: leakySlope,
  } as const
  return (x, filter, bias) => {
    const y = op({ x: x as Tensor4D, filter: filter as Tensor4D, ...(bias && { bias }), ...options })
    return sparse ? subsample(tf, y, stride) : y
  }
}

function partsOf(
  { inChannels, outChannels, groups, kernel }: Conv2dAttributes,
  weight: Float32Array,
  bias: Float32Array | undefined,
  { upload }: Context,
): Part[] {
  const [inPerGroup, outPerGroup] = [inChannels / groups, outChannels / groups]
  const merged = mergedGroups(groups, Math.max(inPerGroup, outPerGroup))
  const channels = inPerGroup * merged
  const filters = outPerGroup * merged
  return Array.from({ length: groups / merged }, (_, index) => {
    const own = weight.subarray(...run(index, weight.length / (groups / merged)))
    return {
      firstChannel: index * channels,
      channels,
      filter: upload([...kernel, channels, filters], mergedFilter(own, merged, channels, filters)),
      bias: bias && upload([filters], bias.slice(...run(index, filters))),
    }
  })
}

function run(index: number, length: number): [start: number, end: number] {
  return [index * length, (index + 1) * length]
}

/** How many groups go into one dense convolution: a number that divides them all. */
function mergedGroups(groups: number, channelsPerGroup: number): number {
  let merged = groups
  while (merged > 1 && (groups % merged !== 0 || merged * channelsPerGroup > mergedChannels)) merged--
  return merged
}

/** OIHW of some groups, one after another → HWIO of one dense convolution, zero where groups do not meet. */
function mergedFilter(weight: Float32Array, groups: number, channels: number, filters: number): Float32Array {
  const inPerGroup = channels / groups
  const outPerGroup = filters / groups
  const positions = weight.length / (filters * inPerGroup)
  const values = new Float32Array(positions * channels * filters)
  let next = 0
  for (let out = 0; out < filters; out++) {
    const firstChannel = Math.floor(out / outPerGroup) * inPerGroup
    for (let channel = firstChannel; channel < firstChannel + inPerGroup; channel++) {
      for (let position = 0; position < positions; position++) {
        values[(position * channels + channel) * filters + out] = weight[next++]
      }
    }
  }
  return values
}
