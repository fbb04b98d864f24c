import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { batchNorm, type Norm } from './convNormAct.js'

/** What a shortcut has to reach. */
export interface ShortcutOptions {
  /** How many channels it yields. */
  readonly channels: number
  readonly stride: number
  /** @defaultValue batchNorm */
  readonly norm?: Norm | undefined
}

/** What a block adds its result to, where that is not the block's input itself. */
export type Shortcut = (g: GraphBuilder, x: Value, options: ShortcutOptions) => Value

/**
 * The three shortcuts of He et al. 2015, section 4.1. Where a block changes the shape, A subsamples and pads with
 * zero channels, without parameters, and B projects. C projects in every block.
 */
export type ShortcutOption = 'A' | 'B' | 'C'

/**
 * The dashed shortcut: a 1×1 convolution and a norm, `downsample.0` and `downsample.1` in checkpoints.
 * `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 */
export const projection: Shortcut = (g, x, { channels, stride, norm = batchNorm }) =>
  g.scope('downsample', 'downsample', () =>
    norm(g, g.conv2d(x, { name: '0', channels, kernel: 1, stride }), { name: '1' }),
  )

/**
 * The shortcut without parameters: every `stride`-th pixel, and zeros for the new channels, half of them before and
 * half after the old ones. `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 */
export const zeroPadding: Shortcut = (g, x, { channels, stride }) =>
  g.scope('downsample', 'downsample', () => {
    const added = channels - x.type.channels
    const before = Math.floor(added / 2)
    const y = g.slice(x, { rows: { step: stride }, columns: { step: stride } })
    return added > 0 ? g.pad(y, { channels: [before, added - before] }) : g.slice(y, { channels: { stop: channels } })
  })

/** The shortcut of a block that turns `inChannels` into `channels`; undefined for the solid one, which is the input. */
export function shortcutOf(
  option: ShortcutOption,
  { inChannels, channels, stride }: { inChannels: number; channels: number; stride: number },
): Shortcut | undefined {
  if (option === 'C') return projection
  if (stride === 1 && inChannels === channels) return undefined
  return option === 'A' ? zeroPadding : projection
}
