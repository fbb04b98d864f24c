import type { Padding, Pair } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TfjsOps } from '../tfjsOps.js'
import { every } from './take.js'

/** `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
export type TfPadding = Exclude<Parameters<TfjsOps['conv2d']>[3], string | number>

export function tfPadding([top, right, bottom, left]: Padding): TfPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

/** Every n-th row and every m-th column, from the first. */
export function subsample(tf: TfjsOps, x: Tensor, [vertical, horizontal]: Pair): Tensor {
  return every(tf, horizontal, every(tf, vertical, x, 1), 2)
}
