import {
  type Activation,
  type Block,
  batchNorm,
  makeLayer,
  type Norm,
  preActivationProjection,
  relu,
  type Shortcut,
} from '@resnet-ts/blocks'
import { type GlobalPoolKind, type Graph, GraphBuilder, type Value } from '@resnet-ts/graph'
import { checkOptions, type ModelOptions, planStages } from './resnet.js'

/** The open form of a pre-activation network. */
export interface ResNetV2Options extends ModelOptions {
  /** What the graph is called. @defaultValue 'resnetv2' */
  readonly name?: string | undefined
  /** `preActivationBasicBlock`, `preActivationBottleneck`, or one of your own. */
  readonly block: Block
  /** Blocks of each stage: `[3, 4, 6, 3]`. */
  readonly blocks: readonly number[]
  /** Channels of the first stage, doubled by each stage after it. @defaultValue 64 */
  readonly channels?: number | undefined
  /** One 7×7 convolution, three 3×3 ones, or three whose channels grow step by step. @defaultValue 'plain' */
  readonly stem?: 'plain' | 'deep' | 'tiered' | undefined
  /** Pads with zeros before the stem's pooling, as BiT does, where others leave padding out of the maximum. */
  readonly zeroPadStem?: boolean | undefined
  /** Norms of the image itself, and behind the stem's convolution, as Gluon has them. */
  readonly stemNorms?: boolean | undefined
  /** The dashed shortcut. @defaultValue preActivationProjection */
  readonly projection?: Shortcut | undefined
  /** What stands before each convolution. @defaultValue batchNorm */
  readonly norm?: Norm | undefined
  /** What follows each norm. @defaultValue relu */
  readonly activation?: Activation | undefined
  /** Standardises the weights of convolutions with this epsilon (Qiao et al. 2019). @defaultValue not at all */
  readonly standardise?: number | undefined
}

/**
 * A pre-activation network (He et al. 2016b; timm `ResNetV2`, whose names it bears): `stem`, `stages.0` …, a last
 * `norm`, global pooling, and `head.fc`, which is a 1×1 convolution in checkpoints. Inputs and outputs are those of
 * `resnet`.
 *
 * @throws {OptionError} when an option is out of range
 * @throws {GraphError} when a block yields what the next cannot take
 */
export function resnetV2(options: ResNetV2Options): Graph {
  const { name = 'resnetv2', includeTop = true, inChannels = 3, norm = batchNorm, activation = relu } = options
  checkOptions({ ...options, name })
  const g = new GraphBuilder(name)
  const image = g.input('image', { channels: inChannels })
  const stages = writeStages(g, writeStem(g, image, options), options)
  const features = activation(g, norm(g, stages, { name: 'norm' }), { name: 'act' })
  if (includeTop && options.globalPool !== 'none') writeHead(g, features, options)
  else g.output('features', features)
  return g.build()
}

/** Global pooling and the classifier, which is a 1×1 convolution. */
export function writeHead(g: GraphBuilder, features: Value, options: ModelOptions): void {
  const { globalPool = 'avg', numClasses = 1000, dropRate = 0 } = options
  const kind = globalPool as GlobalPoolKind
  const pooled = g.globalPool(features, { name: 'head.global_pool', kind, keepDimensions: true })
  if (numClasses > 0) {
    const dropped = dropRate > 0 ? g.dropout(pooled, { name: 'head.drop', rate: dropRate }) : pooled
    const logits = g.conv2d(dropped, { name: 'head.fc', channels: numClasses, kernel: 1, bias: true })
    g.output('logits', g.globalPool(logits, { name: 'head.flatten' }))
  }
  g.output('embedding', g.globalPool(pooled, { name: 'flatten' }))
}

function writeStages(g: GraphBuilder, x: Value, options: ResNetV2Options): Value {
  const { block, channels = 64, projection = preActivationProjection, norm, activation, standardise } = options
  const { shortcut, zeroInitResidual } = options
  return planStages(options).reduce(
    (y, { blocks, stride, dilation, firstDilation, dropPathRates }, stage) =>
      makeLayer(g, y, {
        name: `stages.${stage}`,
        blockPrefix: 'blocks.',
        block,
        blocks,
        channels: channels * 2 ** stage,
        stride,
        dilation,
        firstDilation,
        dropPathRates,
        shortcut,
        projection,
        zeroInitResidual,
        norm,
        activation,
        standardise,
      }),
    x,
  )
}

function writeStem(g: GraphBuilder, image: Value, options: ResNetV2Options): Value {
  const { stem = 'plain', zeroPadStem = false } = options
  return g.scope('stem', 'stem', () => {
    const y = stem === 'plain' ? oneConvolution(g, image, options) : threeConvolutions(g, image, options)
    if (!zeroPadStem) return g.maxPool(y, { name: 'pool', kernel: 3, stride: 2, padding: 1 })
    return g.maxPool(g.pad(y, { name: 'pad', padding: 1 }), { name: 'pool', kernel: 3, stride: 2 })
  })
}

function oneConvolution(g: GraphBuilder, image: Value, options: ResNetV2Options): Value {
  const { channels = 64, stemNorms = false, norm = batchNorm, activation = relu, standardise } = options
  const convolution = { name: 'conv', channels, kernel: 7, stride: 2, padding: 3, standardise }
  if (!stemNorms) return g.conv2d(image, convolution)
  const y = g.conv2d(norm(g, image, { name: 'norm0' }), convolution)
  return activation(g, norm(g, y, { name: 'norm1' }), { name: 'act1' })
}

function threeConvolutions(g: GraphBuilder, image: Value, options: ResNetV2Options): Value {
  const { channels = 64, stem, norm = batchNorm, activation = relu, standardise } = options
  const half = Math.floor(channels / 2)
  const widths = [stem === 'tiered' ? Math.floor((3 * channels) / 8) : half, half, channels]
  return widths.reduce((x, width, index) => {
    const number = index + 1
    const convolution = { name: `conv${number}`, channels: width, kernel: 3, padding: 1, standardise }
    const y = g.conv2d(x, { ...convolution, stride: index === 0 ? 2 : 1 })
    if (number === widths.length) return y
    return activation(g, norm(g, y, { name: `norm${number}` }), { name: `act${number}` })
  }, image)
}
