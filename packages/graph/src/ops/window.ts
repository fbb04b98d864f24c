import type { Shape } from '../tensor.js'
import type { Padding, Pair } from '../value.js'
import { type Fail, requireWhole } from './op.js'

/** What convolutions and poolings share: a window that slides over the padded map. */
export interface Window {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation?: Pair
  /** Lets a last window start inside the map and end outside it, as PyTorch's `ceil_mode`. */
  readonly ceilMode?: boolean
}

/** Refuses windows that cannot be. */
export function requireWindow(window: Window, fail: Fail): void {
  requireWhole('kernel', window.kernel, 1, fail)
  requireWhole('stride', window.stride, 1, fail)
  requireWhole('padding', window.padding, 0, fail)
  requireWhole('dilation', window.dilation ?? [1, 1], 1, fail)
}

/** PyTorch's limit for poolings: no window may lie in the padding alone. */
export function requirePoolPadding({ kernel, padding }: Window, fail: Fail): void {
  const [top, right, bottom, left] = padding
  if (Math.max(top, bottom) * 2 > kernel[0] || Math.max(left, right) * 2 > kernel[1]) {
    fail(`padding of at most half the kernel ${kernel.join('×')}`, padding.join(', '))
  }
}

/** `[height, width]` after the window has slid over a map of `shape` `[n, h, w, c]`. */
export function slide(shape: Shape, window: Window, fail: Fail): Pair {
  const [top, right, bottom, left] = window.padding
  const along = (axis: 0 | 1, before: number, after: number) => {
    const size = shape[axis + 1]!
    const stride = window.stride[axis]
    const extent = (window.dilation?.[axis] ?? 1) * (window.kernel[axis] - 1) + 1
    const room = size + before + after - extent
    if (room < 0) fail(`a map of at least ${extent - before - after} pixels`, `${shape[1]}×${shape[2]}`)
    const steps = window.ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)
    // A window that would start in the padding after the map is dropped.
    return window.ceilMode && steps * stride >= size + before ? steps : steps + 1
  }
  return [along(0, top, bottom), along(1, left, right)]
}

export function printWindow({ kernel, stride, padding, dilation, ceilMode }: Window): string {
  const pair = ([vertical, horizontal]: Pair) => (vertical === horizontal ? `${vertical}` : `${vertical}×${horizontal}`)
  const words = [`${kernel[0]}×${kernel[1]}`]
  if (stride.some((step) => step !== 1)) words.push(`stride ${pair(stride)}`)
  const [top, right, bottom, left] = padding
  if (top === bottom && left === right) {
    if (top || left) words.push(`pad ${pair([top, left])}`)
  } else words.push(`pad ${padding.join(' ')}`)
  if (dilation?.some((step) => step !== 1)) words.push(`dilation ${pair(dilation)}`)
  if (ceilMode) words.push('ceil')
  return words.join(' ')
}
