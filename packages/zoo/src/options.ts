import type {
  Activation,
  AntiAlias,
  Attention,
  Block,
  Norm,
  PrunedWidths,
  Shortcut,
  ShortcutOption,
  Stem,
} from '@resnet-ts/blocks'
import type { GlobalPoolKind, OptionNames } from '@resnet-ts/graph'

/** What every network of the zoo can be asked for. */
export interface ModelOptions {
  /** Classes of the head; 0 leaves the classifier out, and the network yields its embedding. */
  readonly numClasses?: number | undefined
  /** False leaves pooling and classifier out, and the network yields its last feature map. @defaultValue true */
  readonly includeTop?: boolean | undefined
  /** Channels of the image. @defaultValue 3 */
  readonly inChannels?: number | undefined
  /** Starts each block as the identity (torchvision's `zero_init_residual`). @defaultValue false */
  readonly zeroInitResidual?: boolean | undefined
  /** The paper's option A, B or C. @defaultValue 'B', but 'A' in the CIFAR family */
  readonly shortcut?: ShortcutOption | undefined
  /**
   * 8, 16 or 32: how many pixels of the image each pixel of the last feature map stands for, either way; once it is
   * reached, dilation takes the place of strides. The stem counts as a stride of 4, as in timm. That of the CIFAR family
   * has a stride of 1, so its last map is larger: half the image's size with 8, a quarter of it with 16 and 32.
   *
   * @defaultValue 32
   */
  readonly outputStride?: 8 | 16 | 32 | undefined
  /**
   * How the last feature map is pooled. `none` leaves it as it is, which goes with `numClasses: 0` alone.
   *
   * @defaultValue 'avg'
   */
  readonly globalPool?: GlobalPoolKind | 'none' | undefined
  /** The probability that training drops an element before the classifier. @defaultValue 0 */
  readonly dropRate?: number | undefined
  /**
   * The probability that training drops the branch of the last block; that of the others grows towards it from 0
   * (stochastic depth, Huang et al. 2016). @defaultValue 0
   */
  readonly dropPathRate?: number | undefined
}

/** Their names. */
export const modelOptions: OptionNames<ModelOptions> = {
  numClasses: true,
  includeTop: true,
  inChannels: true,
  zeroInitResidual: true,
  shortcut: true,
  outputStride: true,
  globalPool: true,
  dropRate: true,
  dropPathRate: true,
}

/** The open form: a residual network of anyone's blocks. */
export interface ResNetOptions extends ModelOptions {
  /** @defaultValue 'resnet' */
  readonly name?: string | undefined
  /** `basicBlock`, `bottleneck`, or one of your own; or one for each stage. */
  readonly block: Block | readonly Block[]
  /** Blocks of each stage: `[3, 4, 6, 3]`. */
  readonly blocks: readonly number[]
  /** Channels of the first stage, doubled by each stage after it; or of each stage. @defaultValue 64 */
  readonly channels?: number | readonly number[] | undefined
  /** Channels that leave the stem. @defaultValue those of the first stage */
  readonly stemChannels?: number | undefined
  /** Groups of the 3×3 convolutions: the cardinality of ResNeXt. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Channels of each group in a stage of 64 channels. @defaultValue 64 */
  readonly widthPerGroup?: number | undefined
  /** What the channels of each block's first convolution are divided by. @defaultValue 1 */
  readonly reduceFirst?: number | undefined
  /** @defaultValue imagenetStem */
  readonly stem?: Stem | undefined
  /** The dashed shortcut. @defaultValue projection */
  readonly projection?: Shortcut | undefined
  /** Gates each block's branch before the sum. */
  readonly attention?: Attention | undefined
  /** Subsamples in place of strides. */
  readonly antiAlias?: AntiAlias | undefined
  /** @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Channels of each block of each stage in place of those that follow from the rest. */
  readonly pruned?: readonly (readonly PrunedWidths[])[] | undefined
}
