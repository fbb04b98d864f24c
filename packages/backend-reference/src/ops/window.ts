import type { Window } from '@resnet-ts/graph'

/** One place of a sliding window along one axis: tap k is at `start + k · dilation`, which may be in the padding. */
export interface Place {
  readonly start: number
  /** The first tap inside the map. */
  readonly from: number
  /** The tap after the last one inside the map. */
  readonly to: number
}

/**
 * All places of a window along one axis.
 *
 * @param axis - 0 for the vertical one, 1 for the horizontal one
 * @param size - of the map
 * @param count - how many places there are: the size of the output
 */
export function placesOf(window: Window, axis: 0 | 1, size: number, count: number): Place[] {
  const [top, , , left] = window.padding
  const dilation = window.dilation?.[axis] ?? 1
  return Array.from({ length: count }, (_, index) => {
    const start = index * window.stride[axis] - (axis === 0 ? top : left)
    const from = Math.max(0, Math.ceil(-start / dilation))
    const to = Math.min(window.kernel[axis], Math.ceil((size - start) / dilation))
    return { start, from, to }
  })
}
