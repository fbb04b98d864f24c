import { type Op, requireRank, requireWhole } from './op.js'
import { slide, type Window } from './window.js'

/**
 * Antialiased subsampling (Zhang 2019; timm `BlurPool2d`): the map is reflected at its edges by
 * `⌊(stride − 1 + kernel − 1) / 2⌋` pixels, blurred a channel with the binomial filter of `kernel` taps in each
 * direction (`[1, 2, 1] / 4` for 3), and every `stride`-th pixel is kept. It has no parameters.
 */
export interface BlurPoolAttributes {
  /** Taps in each direction, at least 2. */
  readonly kernel: number
  /** Every how many pixels one is kept, in each direction. */
  readonly stride: number
}

/** The pixels that are reflected on every side. */
export function blurPadding({ kernel, stride }: BlurPoolAttributes): number {
  return Math.floor((stride - 1 + kernel - 1) / 2)
}

/** The binomial filter in one direction, which sums to one. */
export function blurFilter({ kernel }: BlurPoolAttributes): readonly number[] {
  let row = [1]
  for (let taps = 1; taps < kernel; taps++) row = [...row, 0].map((value, index) => (value + (row[index - 1] ?? 0)) / 2)
  return row
}

function windowOf(attributes: BlurPoolAttributes): Window {
  const { kernel, stride } = attributes
  const padding = blurPadding(attributes)
  return { kernel: [kernel, kernel], stride: [stride, stride], padding: [padding, padding, padding, padding] }
}

export const blurPool: Op<BlurPoolAttributes> = {
  arity: [1, 1],
  type(inputs, { kernel, stride }, fail) {
    requireRank(4, inputs, fail)
    requireWhole('kernel', kernel, 2, fail)
    requireWhole('stride', stride, 1, fail)
    return inputs[0]!
  },
  shape([map], attributes, fail) {
    const least = blurPadding(attributes) + 1
    if (map![1]! < least || map![2]! < least) fail(`a map of at least ${least} pixels`, `${map![1]}×${map![2]}`)
    return [map![0]!, ...slide(map!, windowOf(attributes), fail), map![3]!]
  },
  print: ({ kernel, stride }) => `${kernel}×${kernel}${stride === 1 ? '' : ` stride ${stride}`}`,
}
