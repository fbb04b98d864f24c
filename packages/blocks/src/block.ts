import type { GraphBuilder, Value } from '@resnet-ts/graph'
import type { Activation, Norm } from './convNormAct.js'
import type { Shortcut } from './shortcuts.js'

/** What `makeLayer` tells a block. */
export interface BlockOptions {
  /** The stage's channels; the block yields `channels · expansion`. */
  readonly channels: number
  /** @defaultValue 1 */
  readonly stride?: number | undefined
  /** Leads the input to the sum in its new shape; left out, the input itself does. */
  readonly downsample?: Shortcut | undefined
  /** Groups of the 3×3 convolution: the cardinality of ResNeXt. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Channels of each group in a stage of 64 channels: the base width. @defaultValue 64 */
  readonly widthPerGroup?: number | undefined
  /** @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Starts the block's last norm at zero, and so the block as the identity. @defaultValue false */
  readonly zeroInitResidual?: boolean | undefined
}

/** A residual block: one function from a feature map to a feature map, and how far it widens its channels. */
export interface Block {
  (g: GraphBuilder, x: Value, options: BlockOptions): Value
  /** The block yields `channels · expansion` channels. */
  readonly expansion: number
  /** What summaries and diagrams call it. @defaultValue 'block' */
  readonly kind?: string
}

/** The block's input, led to the sum. */
export function shortcut(g: GraphBuilder, x: Value, options: BlockOptions, expansion: number): Value {
  const { downsample, channels, stride = 1, norm } = options
  return downsample ? downsample(g, x, { channels: channels * expansion, stride, norm }) : x
}
