import { describeValue } from '../describe.js'
import type { Shape } from '../tensor.js'
import type { Padding, Pair } from '../value.js'
import { type Fail, requireBoolean, requireWholes } from './op.js'

/** What convolutions and poolings share: a window that slides over the padded map. */
export interface Window {
  /** The window's size, in pixels. */
  readonly kernel: Pair
  /** How far it moves, in pixels. */
  readonly stride: Pair
  /** Pixels around the map. */
  readonly padding: Padding
  /** Pixels from one tap to the next; convolutions alone have it. */
  readonly dilation?: Pair
  /**
   * Lets the last window, even if it is the only one, start inside the map and end outside it: PyTorch's `ceil_mode`.
   */
  readonly ceilMode?: boolean
}

/** Refuses windows that cannot be. */
export function requireWindow(window: Window, fail: Fail): void {
  requireWholes('kernel', window.kernel, 2, 1, fail)
  requireWholes('stride', window.stride, 2, 1, fail)
  requireWholes('padding', window.padding, 4, 0, fail)
}

/** Refuses poolings that cannot be. PyTorch's limit holds: no window may lie in the padding alone. */
export function requirePooling(window: Window & { readonly ceilMode: boolean }, fail: Fail): void {
  requireWindow(window, fail)
  requireBoolean('ceilMode', window.ceilMode, fail)
  const { kernel, padding, dilation } = window
  if (dilation !== undefined) fail('no dilation, which convolutions alone have', describeValue(dilation))
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
    const steps = window.ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)
    if (steps < 0) {
      const least = extent - before - after - (window.ceilMode ? stride - 1 : 0)
      fail(`a map at least ${least} pixels ${axis === 0 ? 'high' : 'wide'}`, `${shape[1]}×${shape[2]}`)
    }
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
