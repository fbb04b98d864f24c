import type { GraphBuilder, Value } from '@resnet-ts/graph'
import { batchNorm, type Norm, samePadding } from './convNormAct.js'

/** What a shortcut has to reach. */
export interface ShortcutOptions {
  /** How many channels it yields. */
  readonly channels: number
  /** How much smaller the map becomes in each direction. */
  readonly stride: number
  /** Of the stage. @defaultValue 1 */
  readonly dilation?: number | undefined
  /** Of the stage before. @defaultValue the stage's own */
  readonly firstDilation?: number | undefined
  /** What follows its convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** Standardises the weights of convolutions with this epsilon. @defaultValue not at all */
  readonly standardise?: number | undefined
}

/** What a block adds its result to, where that is not the block's input itself. */
export type Shortcut = (g: GraphBuilder, x: Value, options: ShortcutOptions) => Value

/**
 * The three shortcuts of He et al. 2015, section 4.1. Where a block changes the shape, A subsamples and pads with
 * zero channels, without parameters, and B projects. C projects in every block.
 */
export type ShortcutOption = 'A' | 'B' | 'C'

/**
 * The dashed shortcut: a convolution and a norm, `downsample.0` and `downsample.1` in checkpoints (timm
 * `downsample_conv`). `[n, h, w, c] → [n, ⌈h / stride⌉, ⌈w / stride⌉, channels]`.
 *
 * @param options.kernel - of the convolution where there is a stride
 * @param options.bias - whether the convolution has one; not if left out
 */
export function projectionOf(options: { readonly kernel: number; readonly bias?: boolean | undefined }): Shortcut {
  return (g, x, { channels, stride, dilation = 1, firstDilation = dilation, norm = batchNorm }) =>
    g.scope('downsample', 'downsample', () => {
      const kernel = stride === 1 && dilation === 1 ? 1 : options.kernel
      const ownDilation = kernel > 1 ? firstDilation : 1
      const padding = samePadding(kernel, ownDilation)
      const { bias } = options
      const y = g.conv2d(x, { name: '0', channels, kernel, stride, padding, dilation: ownDilation, bias })
      return norm(g, y, { name: '1' })
    })
}

/** The dashed shortcut with a 1×1 convolution: the one of the paper. */
export const projection: Shortcut = projectionOf({ kernel: 1 })

/**
 * The dashed shortcut of the -D networks (He et al. 2018, figure 2c; timm `downsample_avg`): the mean of 2×2 pixels
 * where there is a stride, then a 1×1 convolution and a norm, `downsample.1` and `downsample.2`.
 */
export const averagePoolProjection: Shortcut = (g, x, { channels, stride, dilation = 1, norm = batchNorm }) =>
  g.scope('downsample', 'downsample', () => {
    const y = g.conv2d(averaged(g, x, stride, dilation), { name: '1', channels, kernel: 1 })
    return norm(g, y, { name: '2' })
  })

function averaged(g: GraphBuilder, x: Value, stride: number, dilation: number): Value {
  if (stride === 1 && dilation === 1) return x
  // Where a dilation stands for the stride, the window slides by one pixel over a map padded to keep its size.
  if (dilation > 1) return g.avgPool(x, { name: '0', kernel: 2, stride: 1, padding: [0, 1, 1, 0] })
  return g.avgPool(x, { name: '0', kernel: 2, stride, ceilMode: true, countIncludePad: false })
}

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
