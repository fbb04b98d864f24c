import type { Padding, Pair, Window } from '@resnet-ts/graph'
import type { OnnxAttribute } from '../../model.js'
import { ints } from '../attributes.js'

/** The attributes that convolutions and poolings share. */
export function windowOf(
  { kernel, stride }: Pick<Window, 'kernel' | 'stride'>,
  [top, right, bottom, left]: Padding,
): Readonly<Record<string, OnnxAttribute>> {
  return { kernel_shape: ints(...kernel), strides: ints(...stride), pads: ints(top, left, bottom, right) }
}

/**
 * The padding with which the window rounds down as it would round up with its own, in `ceilMode`, on maps of every size.
 *
 * Rounding up, as PyTorch does it, takes one more window if it starts within the map or the padding before it. So there
 * are as many windows as fit with `stride − 1` more pixels after the padding, but not more than with `kernel − 1` pixels
 * after the map. ONNX's own `ceil_mode` does not say that of the last window before version 22, and runtimes differ.
 */
export function paddingRoundedDown({ kernel, stride, padding, ceilMode }: Window): Padding {
  if (!ceilMode) return padding
  const [top, right, bottom, left] = padding
  const after = (axis: keyof Pair & (0 | 1), own: number) => Math.min(kernel[axis] - 1, own + stride[axis] - 1)
  return [top, after(1, right), after(0, bottom), left]
}
