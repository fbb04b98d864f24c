import {
  type Activation,
  type AntiAlias,
  type Attention,
  type Block,
  imagenetStem,
  makeLayer,
  type Norm,
  type PrunedWidths,
  type Shortcut,
  type ShortcutOption,
  type Stem,
} from '@resnet-ts/blocks'
import {
  describeValue,
  type GlobalPoolKind,
  type Graph,
  GraphBuilder,
  globalPoolKinds,
  OptionError,
  type OptionNames,
  type Value,
} from '@resnet-ts/graph'

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
  /** What the graph is called. @defaultValue 'resnet' */
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
  /** What stands between the image and the first stage. @defaultValue imagenetStem */
  readonly stem?: Stem | undefined
  /** The dashed shortcut. @defaultValue projection */
  readonly projection?: Shortcut | undefined
  /** Gates each block's branch before the sum. */
  readonly attention?: Attention | undefined
  /** Subsamples in place of strides. */
  readonly antiAlias?: AntiAlias | undefined
  /** What follows each convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** What follows each norm, and the sum of each block. @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Channels of each block of each stage in place of those that follow from the rest. */
  readonly pruned?: readonly (readonly PrunedWidths[])[] | undefined
}

/**
 * A residual network (He et al. 2015; timm `ResNet`): stem, stages `layer1`, `layer2`, …, global pooling and the
 * linear classifier `fc`. Its input is `image` `[n, h, w, inChannels]`; its outputs are `logits`
 * `[n, numClasses]` and `embedding` `[n, c]`; or `embedding` alone with `numClasses: 0`; or `features`
 * `[n, h', w', c]` without the top: a 32nd of the image each way in ImageNet's networks, a quarter in CIFAR's.
 *
 * @throws {OptionError} when an option is out of range
 * @throws {GraphError} when a block yields what the next cannot take
 */
export function resnet(options: ResNetOptions): Graph {
  const { name = 'resnet', includeTop = true, inChannels = 3, stem = imagenetStem } = options
  const { norm, activation, antiAlias } = options
  checkOptions(options)
  const g = new GraphBuilder(name)
  const image = g.input('image', { channels: inChannels })
  const channels = options.stemChannels ?? channelsOf(options, 0)
  const features = writeStages(g, stem(g, image, { channels, norm, activation, antiAlias }), options)
  if (includeTop && options.globalPool !== 'none') writeTop(g, features, options)
  else g.output('features', features)
  return g.build()
}

function writeTop(g: GraphBuilder, features: Value, options: ResNetOptions): void {
  const { globalPool = 'avg', numClasses = 1000, dropRate = 0 } = options
  const embedding = g.globalPool(features, { name: 'global_pool', kind: globalPool as GlobalPoolKind })
  if (numClasses > 0) {
    const dropped = dropRate > 0 ? g.dropout(embedding, { name: 'drop', rate: dropRate }) : embedding
    g.output('logits', g.linear(dropped, { name: 'fc', channels: numClasses }))
  }
  g.output('embedding', embedding)
}

function writeStages(g: GraphBuilder, x: Value, options: ResNetOptions): Value {
  const { block, pruned, dropPathRate: _, ...common } = options
  return planStages(options).reduce(
    (y, stage, index) =>
      makeLayer(g, y, {
        ...common,
        ...stage,
        name: `layer${index + 1}`,
        block: isPerStage(block) ? block[index]! : block,
        channels: channelsOf(options, index),
        pruned: pruned?.[index],
      }),
    x,
  )
}

/** What a stage takes from its place in the network. */
interface StagePlan {
  readonly blocks: number
  readonly stride: number
  readonly dilation: number
  /** Of the stage before, which its first convolution still sees. */
  readonly firstDilation: number
  readonly dropPathRates: readonly number[]
}

/** Strides until `outputStride` is reached and dilation from there on; drop rates that grow from block to block. */
export function planStages(options: Pick<ResNetOptions, 'blocks' | 'outputStride' | 'dropPathRate'>): StagePlan[] {
  const { blocks, outputStride = 32, dropPathRate = 0 } = options
  const total = blocks.reduce((sum, count) => sum + count, 0)
  let before = 0
  let reached = 4
  let dilation = 1
  return blocks.map((count, index) => {
    const firstDilation = dilation
    const step = index === 0 ? 1 : 2
    const strides = reached < outputStride || step === 1
    if (strides) reached *= step
    else dilation *= step
    const rate = (block: number) => (total > 1 ? (dropPathRate * block) / (total - 1) : 0)
    const dropPathRates = Array.from({ length: count }, (_, block) => rate(before + block))
    before += count
    return { blocks: count, stride: strides ? step : 1, dilation, firstDilation, dropPathRates }
  })
}

function isPerStage(block: Block | readonly Block[]): block is readonly Block[] {
  return Array.isArray(block)
}

function channelsOf({ channels = 64 }: ResNetOptions, stage: number): number {
  return typeof channels === 'number' ? channels * 2 ** stage : channels[stage]!
}

type Checked = ModelOptions &
  Pick<ResNetOptions, 'name' | 'blocks'> &
  Partial<Pick<ResNetOptions, 'block' | 'channels' | 'pruned'>>

/** @throws {OptionError} naming the first option that is out of range */
export function checkOptions(options: Checked): void {
  const fail: Fail = (expected, found) => {
    throw new OptionError({ subject: `network '${options.name ?? 'resnet'}'`, expected, found })
  }
  checkStages(options, fail)
  checkHead(options, fail)
  const { shortcut = 'B', outputStride = 32, zeroInitResidual = false, dropRate, dropPathRate } = options
  if (!['A', 'B', 'C'].includes(shortcut)) fail('shortcut A, B or C', describeValue(shortcut))
  if (![8, 16, 32].includes(outputStride)) {
    fail('an outputStride that is the number 8, 16 or 32', describeValue(outputStride))
  }
  if (typeof zeroInitResidual !== 'boolean')
    fail('a zeroInitResidual of true or false', describeValue(zeroInitResidual))
  for (const [option, rate = 0] of Object.entries({ dropRate, dropPathRate })) {
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1)) fail(`a ${option} in [0, 1)`, describeValue(rate))
  }
}

type Fail = (expected: string, found: string) => never

function checkStages({ block, blocks, channels, pruned }: Checked, fail: Fail): void {
  if (blocks.length === 0) fail('at least one stage', 'none')
  for (const perStage of [block, channels, pruned]) {
    if (Array.isArray(perStage) && perStage.length !== blocks.length) {
      fail(`one entry for each of ${blocks.length} stages`, String(perStage.length))
    }
  }
}

function checkHead({ numClasses = 1000, globalPool = 'avg', includeTop = true }: ModelOptions, fail: Fail): void {
  const pools: readonly string[] = [...globalPoolKinds, 'none']
  if (!Number.isInteger(numClasses) || numClasses < 0) fail('a whole number of classes', describeValue(numClasses))
  if (!pools.includes(globalPool)) fail(`a globalPool of ${pools.join(', ')}`, describeValue(globalPool))
  if (globalPool === 'none' && numClasses > 0) fail("numClasses 0 with globalPool 'none'", describeValue(numClasses))
  if (typeof includeTop !== 'boolean') fail('an includeTop of true or false', describeValue(includeTop))
}
