import { type Block, imagenetStem, makeLayer } from '@resnet-ts/blocks'
import { type GlobalPoolKind, type Graph, GraphBuilder, type Value } from '@resnet-ts/graph'
import { checkOptions } from './checkOptions.js'
import type { ResNetOptions } from './options.js'

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
