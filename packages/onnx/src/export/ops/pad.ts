import type { PadAttributes, Padding } from '@resnet-ts/graph'
import { text } from '../attributes.js'
import type { OpWriter } from '../nodeWriter.js'

export function pad(g: OpWriter, { padding, channels, mode }: PadAttributes): string {
  const [x] = g.inputs
  return mode === 'reflect' ? reflectPad(g, x, padding) : zeroPad(g, x, padding, channels)
}

export function zeroPad(
  g: OpWriter,
  x: string,
  padding: Padding,
  channels: readonly [before: number, after: number],
  part?: string,
): string {
  return g.write('Pad', [x, padsOf(g, padding, channels)], { mode: text('constant') }, part)
}

export function reflectPad(g: OpWriter, x: string, padding: Padding, part?: string): string {
  return g.write('Pad', [x, padsOf(g, padding, [0, 0])], { mode: text('reflect') }, part)
}

/** Where each axis of `[n, c, h, w]` begins, and where each ends. */
function padsOf(g: OpWriter, [top, right, bottom, left]: Padding, [before, after]: readonly [number, number]): string {
  return g.integers(0, before, top, left, 0, after, bottom, right)
}
