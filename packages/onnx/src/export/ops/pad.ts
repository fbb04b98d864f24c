import type { PadAttributes, Padding } from '@resnet-ts/graph'
import { text } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'

export function pad(g: OpWriter, { padding, channels, mode }: PadAttributes, isPooled: boolean): string {
  const [x] = g.inputs
  return mode === 'reflect' ? reflectPad(g, x, padding) : zeroPad(g, x, padding, channels, isPooled)
}

/**
 * @param isPooled - whether a pooling takes the map. onnxruntime (1.17 and later) makes a zero padding one with the
 * convolution or the pooling behind it, but the padding of a pooling is not zero: it is what never wins, or does not
 * count. It leaves paddings alone whose bits are not all zero.
 */
export function zeroPad(
  g: OpWriter,
  x: string,
  padding: Padding,
  channels: readonly [before: number, after: number],
  isPooled: boolean,
  part?: string,
): string {
  const pads = padsOf(g, padding, channels)
  return g.write('Pad', isPooled ? [x, pads, g.scalar(-0)] : [x, pads], { mode: text('constant') }, part)
}

export function reflectPad(g: OpWriter, x: string, padding: Padding, part?: string): string {
  return g.write('Pad', [x, padsOf(g, padding, [0, 0])], { mode: text('reflect') }, part)
}

/** Where each axis of `[n, c, h, w]` begins, and where each ends. */
function padsOf(g: OpWriter, [top, right, bottom, left]: Padding, [before, after]: readonly [number, number]): string {
  return g.integers(0, before, top, left, 0, after, bottom, right)
}
