import type { PadAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'
import { take } from './take.js'

export function pad({ mode, padding, channels }: PadAttributes, tf: TfjsOps): Kernel {
  const [top, right, bottom, left] = padding
  switch (mode) {
    case 'zero':
      return ([x]) => tf.pad(x, [[0, 0], [top, bottom], [left, right], [...channels]])
    case 'reflect':
      // Not by mirrorPad, whose gradient in tfjs forgets the pixels outside.
      return ([x]) => {
        const [, height, width] = x.shape as number[]
        return take(tf, take(tf, x, 1, reflected(height, top, bottom)), 2, reflected(width, left, right))
      }
    default:
      return mode satisfies never
  }
}

/** Indices along an axis: `2 1 | 0 1 2 3 | 2 1` for a size of 4 and a padding of 2. */
function reflected(size: number, before: number, after: number): number[] {
  return Array.from({ length: before + size + after }, (_, index) => {
    const distance = Math.abs(index - before)
    return distance < size ? distance : 2 * (size - 1) - distance
  })
}
