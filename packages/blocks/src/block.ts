import type { GraphBuilder, Value } from '@resnet-ts/graph'
import type { AntiAlias } from './antiAlias.js'
import type { Attention } from './attention.js'
import { type Activation, type Norm, relu } from './convNormAct.js'
import type { Shortcut } from './shortcuts.js'

/** Channels that follow no rule, as pruning leaves them. */
export interface PrunedWidths {
  /** Of each convolution but the last. */
  readonly inner: readonly number[]
  /** Of the block's output. */
  readonly output: number
}

/** What `makeLayer` tells a block. */
export interface BlockOptions {
  /** The stage's channels; the block yields `channels · expansion`. */
  readonly channels: number
  /** How much smaller the map becomes in each direction. @defaultValue 1 */
  readonly stride?: number | undefined
  /** Leads the input to the sum in its new shape; left out, the input itself does. */
  readonly downsample?: Shortcut | undefined
  /** Groups of the 3×3 convolution: the cardinality of ResNeXt. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Channels of each group in a stage of 64 channels: the base width. @defaultValue 64 */
  readonly widthPerGroup?: number | undefined
  /** Of the 3×3 convolutions, in place of a stride. @defaultValue 1 */
  readonly dilation?: number | undefined
  /** Of the first 3×3 convolution, which still sees the stage before. @defaultValue dilation */
  readonly firstDilation?: number | undefined
  /** What the channels of the first convolution are divided by (SENet-154). @defaultValue 1 */
  readonly reduceFirst?: number | undefined
  /** Gates the branch before the sum. */
  readonly attention?: Attention | undefined
  /** Subsamples in place of the convolution's stride. */
  readonly antiAlias?: AntiAlias | undefined
  /** The probability that training drops the branch (stochastic depth). @defaultValue 0 */
  readonly dropPathRate?: number | undefined
  /** What follows each convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** What follows each norm but the last, and the sum. @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Standardises the weights of convolutions with this epsilon (pre-activated blocks). @defaultValue not at all */
  readonly standardise?: number | undefined
  /** Starts the block's last norm at zero, and so the block as the identity. @defaultValue false */
  readonly zeroInitResidual?: boolean | undefined
  /** Channels in place of those that follow from the rest. */
  readonly pruned?: PrunedWidths | undefined
}

/** Writes a block's layers behind the feature map `x`, and returns the feature map that leaves the block. */
export type BlockFunction = (g: GraphBuilder, x: Value, options: BlockOptions) => Value

/** A residual block: its function, and how far it widens its channels. */
export interface Block extends BlockFunction {
  /** The block yields `channels · expansion` channels. */
  readonly expansion: number
  /** What summaries and diagrams call it. @defaultValue 'block' */
  readonly kind?: string
}

/** How the strided 3×3 convolution of a block subsamples: by its stride, or by what follows it. */
export function subsampling(options: BlockOptions): {
  readonly stride: number
  readonly dilation: number
  after(g: GraphBuilder, y: Value): Value
} {
  const { stride = 1, dilation = 1, firstDilation = dilation, antiAlias } = options
  const antiAliased = antiAlias && (stride === 2 || firstDilation !== dilation)
  if (!antiAliased) return { stride, dilation: firstDilation, after: (_g, y) => y }
  return { stride: 1, dilation: firstDilation, after: (g, y) => antiAlias(g, y, { name: 'aa', stride }) }
}

/** What happens to a branch before the sum: its gate, and stochastic depth. */
export function gateBranch(
  g: GraphBuilder,
  branch: Value,
  { attention, channels, dropPathRate = 0, expansion }: BlockOptions & { readonly expansion: number },
): Value {
  const gated = attention ? attention(g, branch, { channels: channels * expansion }) : branch
  return dropPathRate > 0 ? g.dropPath(gated, { rate: dropPathRate }) : gated
}

/** The end of a residual block: gate, stochastic depth, the sum with the shortcut, and the last activation. */
export function joinShortcut(
  g: GraphBuilder,
  x: Value,
  branch: Value,
  options: BlockOptions & { readonly name: string; readonly expansion: number },
): Value {
  const { downsample, activation = relu, name, stride = 1, dilation, firstDilation, norm } = options
  const kept = gateBranch(g, branch, options)
  const channels = branch.type.channels
  const shortcut = downsample ? downsample(g, x, { channels, stride, dilation, firstDilation, norm }) : x
  return activation(g, g.add(kept, shortcut), { name })
}
