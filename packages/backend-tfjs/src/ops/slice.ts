import { resolveRange, type SliceAttributes } from '@resnet-ts/graph'
import type { Kernel } from '../kernel.js'
import type { TfjsOps } from '../tfjsOps.js'
import { every } from './take.js'

/** First the box that holds all of it, then every `step`-th element along each axis. */
export function slice({ rows, columns, channels }: SliceAttributes, tf: TfjsOps): Kernel {
  const ranges = [rows, columns, channels]
  return ([x]) => {
    const resolved = ranges.map((range, index) => resolveRange(range, x.shape[index + 1]))
    const begin = [0, ...resolved.map(({ start }) => start)]
    const size = [x.shape[0], ...resolved.map(({ count }, index) => (count - 1) * ranges[index].step + 1)]
    return ranges.reduce((part, { step }, index) => every(tf, step, part, index + 1), tf.slice(x, begin, size))
  }
}
