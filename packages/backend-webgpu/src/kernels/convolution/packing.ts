import { encodeFloat16 } from '@resnet-ts/graph/floats'

/** The depth of packed weights is a multiple of this, with zeros at the end, so that tiles need not look where it ends. */
const depthStep = 32

/** How the weights of a convolution lie: those of a group after another. */
export interface WeightLayout {
  readonly groups: number
  /** Taps times input channels of a group, and zeros up to a multiple of what every tile takes at a time. */
  readonly depth: number
  /** Filters of a group, in fours: with zeros where there are not as many. */
  readonly filters4: number
}

/** What there is to know of a weight in PyTorch's layout, OIHW. */
export interface WeightShape {
  readonly groups: number
  /** Of a group. */
  readonly inChannels: number
  /** Of a group. */
  readonly outChannels: number
  /** Places of the kernel. */
  readonly taps: number
}

export function layoutOf({ groups, inChannels, outChannels, taps }: WeightShape): WeightLayout {
  return {
    groups,
    depth: Math.ceil((taps * inChannels) / depthStep) * depthStep,
    filters4: Math.ceil(outChannels / 4),
  }
}

/** OIHW → `[groups, taps · channels, filters]`, with the layout's zeros: what a tile reads lies side by side. */
export function packForTiles(weight: Float32Array, shape: WeightShape): Float32Array {
  const { groups, inChannels, outChannels, taps } = shape
  const { depth, filters4 } = layoutOf(shape)
  const filters = 4 * filters4
  const packed = new Float32Array(groups * depth * filters)
  let next = 0
  for (let group = 0; group < groups; group++) {
    for (let filter = 0; filter < outChannels; filter++) {
      for (let channel = 0; channel < inChannels; channel++) {
        let at = (group * depth + channel) * filters + filter
        for (let tap = 0; tap < taps; tap++) {
          packed[at] = weight[next++]
          at += inChannels * filters
        }
      }
    }
  }
  return packed
}

/** OIHW → `[taps, channels of a group, filters of all groups]`: what neighbouring threads read lies side by side. */
export function packForGroups(
  weight: Float32Array,
  { groups, inChannels, outChannels, taps }: WeightShape,
): Float32Array {
  const filters = groups * outChannels
  const packed = new Float32Array(weight.length)
  let next = 0
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < inChannels; channel++) {
      for (let tap = 0; tap < taps; tap++) packed[(tap * inChannels + channel) * filters + filter] = weight[next++]
    }
  }
  return packed
}

/** A bias as the tiles' filters lie: each group's filled up to fours. */
export function packBias(bias: Float32Array, groups: number): Float32Array {
  const channels = bias.length / groups
  const padded = 4 * Math.ceil(channels / 4)
  const packed = new Float32Array(groups * padded)
  for (let group = 0; group < groups; group++) {
    packed.set(bias.subarray(group * channels, (group + 1) * channels), group * padded)
  }
  return packed
}

/** As 16-bit floats, two in each integer. */
export function toFloat16(values: Float32Array): Int32Array {
  const halves = new Uint8Array(2 * values.length)
  encodeFloat16(values, halves)
  return new Int32Array(halves.buffer)
}
