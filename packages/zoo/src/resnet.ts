import {
  type Activation,
  type Block,
  imagenetStem,
  makeLayer,
  type Norm,
  type ShortcutOption,
  type Stem,
} from '@resnet-ts/blocks'
import { type Graph, GraphBuilder, OptionError, type Value } from '@resnet-ts/graph'

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
}

/** The open form: a residual network of anyone's blocks. */
export interface ResNetOptions extends ModelOptions {
  /** @defaultValue 'resnet' */
  readonly name?: string | undefined
  /** `basicBlock`, `bottleneck`, or one of your own. */
  readonly block: Block
  /** Blocks of each stage: `[3, 4, 6, 3]`. */
  readonly blocks: readonly number[]
  /** Channels of the first stage, doubled by each stage after it. @defaultValue 64 */
  readonly channels?: number | undefined
  /** Groups of the 3×3 convolutions: the cardinality of ResNeXt. @defaultValue 1 */
  readonly groups?: number | undefined
  /** Channels of each group in a stage of 64 channels. @defaultValue 64 */
  readonly widthPerGroup?: number | undefined
  /** @defaultValue imagenetStem */
  readonly stem?: Stem | undefined
  /** @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** @defaultValue relu */
  readonly activation?: Activation | undefined
}

/**
 * A residual network (He et al. 2015; torchvision `ResNet`): stem, stages `layer1`, `layer2`, …, average pooling and
 * the linear classifier `fc`. Its input is `image` `[n, h, w, inChannels]`; its outputs are `logits`
 * `[n, numClasses]` and `embedding` `[n, c]`; or `embedding` alone with `numClasses: 0`; or `features`
 * `[n, h / 32, w / 32, c]` without the top.
 *
 * @throws {OptionError} when an option is out of range
 * @throws {GraphError} when a block yields what the next cannot take
 */
export function resnet(options: ResNetOptions): Graph {
  const { name = 'resnet', blocks, includeTop = true, inChannels = 3, numClasses = 1000 } = options
  const { stem = imagenetStem, channels = 64, norm, activation } = options
  if (blocks.length === 0) fail(name, 'at least one stage', 'none')
  if (!Number.isInteger(numClasses) || numClasses < 0) fail(name, 'a whole number of classes', String(numClasses))
  if (!['A', 'B', 'C'].includes(options.shortcut ?? 'B')) fail(name, 'shortcut A, B or C', String(options.shortcut))
  const g = new GraphBuilder(name)
  const image = g.input('image', { channels: inChannels })
  const features = stages(g, stem(g, image, { channels, norm, activation }), options)
  if (!includeTop) {
    g.output('features', features)
    return g.build()
  }
  const embedding = g.globalPool(features, { name: 'avgpool' })
  if (numClasses > 0) g.output('logits', g.linear(embedding, { name: 'fc', channels: numClasses }))
  g.output('embedding', embedding)
  return g.build()
}

function stages(g: GraphBuilder, x: Value, options: ResNetOptions): Value {
  const { block, blocks, channels = 64, groups, widthPerGroup, norm, activation, shortcut, zeroInitResidual } = options
  return blocks.reduce(
    (y, count, stage) =>
      makeLayer(g, y, {
        name: `layer${stage + 1}`,
        block,
        blocks: count,
        channels: channels * 2 ** stage,
        stride: stage === 0 ? 1 : 2,
        groups,
        widthPerGroup,
        norm,
        activation,
        shortcut,
        zeroInitResidual,
      }),
    x,
  )
}

function fail(name: string, expected: string, found: string): never {
  throw new OptionError({ subject: `network '${name}'`, expected, found })
}
