import { relu } from '@resnet-ts/blocks'
import { type Graph, GraphBuilder, type Value } from '@resnet-ts/graph'
import { checkOptions, type ModelOptions, planStages } from './resnet.js'
import { writeHead } from './resnetV2.js'
import { kerasNorm } from './strideFirst.js'

/** The open form of Keras's pre-activation networks. */
export interface KerasResNetV2Options extends ModelOptions {
  /** @defaultValue 'keras_resnetv2' */
  readonly name?: string | undefined
  /** Blocks of each stage: `[3, 4, 6, 3]`. */
  readonly blocks: readonly number[]
}

/**
 * A pre-activation network as Keras has it (`keras.applications.resnet_v2`): as `resnetV2`, whose names it bears, but
 * that the last block of a stage has its stride, not the first one of the next; a block that has a stride and keeps
 * its channels has max pooling for a shortcut; the first convolution, each block's last one and the dashed shortcuts
 * have biases; epsilon is 1.001e-5; and the padding before the stem's pooling is of zeros.
 *
 * @throws {OptionError} when an option is out of range
 */
export function kerasResnetV2(options: KerasResNetV2Options): Graph {
  const { name = 'keras_resnetv2', includeTop = true, inChannels = 3 } = options
  checkOptions({ ...options, name })
  const g = new GraphBuilder(name)
  const stages = writeStages(g, writeStem(g, g.input('image', { channels: inChannels })), options)
  const features = normAct(g, stages, '')
  if (includeTop && options.globalPool !== 'none') writeHead(g, features, options)
  else g.output('features', features)
  return g.build()
}

function writeStem(g: GraphBuilder, image: Value): Value {
  return g.scope('stem', 'stem', () => {
    const y = g.conv2d(image, { name: 'conv', channels: 64, kernel: 7, stride: 2, padding: 3, bias: true })
    return g.maxPool(g.pad(y, { name: 'pad', padding: 1 }), { name: 'pool', kernel: 3, stride: 2 })
  })
}

function writeStages(g: GraphBuilder, x: Value, options: KerasResNetV2Options): Value {
  const plan = planStages(options)
  return plan.reduce(
    (y, { blocks, dilation, dropPathRates }, stage) =>
      g.scope(`stages.${stage}`, 'stage', () =>
        dropPathRates.reduce((z, dropPathRate, index) => {
          const stride = index === blocks - 1 ? (plan[stage + 1]?.stride ?? 1) : 1
          const own = { channels: 64 * 2 ** stage, stride, dilation, dropPathRate, projects: index === 0 }
          return g.scope(`blocks.${index}`, 'preActivationBottleneck', () => writeBlock(g, z, own))
        }, y),
      ),
    x,
  )
}

interface BlockPlan {
  readonly channels: number
  readonly stride: number
  readonly dilation: number
  readonly dropPathRate: number
  /** Whether its shortcut is a convolution. */
  readonly projects: boolean
}

/** Keras's `residual_block_v2`. */
function writeBlock(g: GraphBuilder, x: Value, options: BlockPlan): Value {
  const { channels, stride, dilation, dropPathRate } = options
  g.reserve('downsample')
  const preActivated = normAct(g, x, '1')
  const shortcut = writeShortcut(g, options.projects ? preActivated : x, options)
  const y = normAct(g, g.conv2d(preActivated, { name: 'conv1', channels, kernel: 1 }), '2')
  const spatial = { name: 'conv2', channels, kernel: 3, stride, padding: dilation, dilation }
  const z = normAct(g, g.conv2d(y, spatial), '3')
  const wide = g.conv2d(z, { name: 'conv3', channels: channels * 4, kernel: 1, bias: true })
  return g.add(dropPathRate > 0 ? g.dropPath(wide, { rate: dropPathRate }) : wide, shortcut)
}

function writeShortcut(g: GraphBuilder, x: Value, { channels, stride, projects }: BlockPlan): Value {
  if (!projects && stride === 1) return x
  return g.scope('downsample', 'downsample', () =>
    projects
      ? g.conv2d(x, { name: 'conv', channels: channels * 4, kernel: 1, stride, bias: true })
      : g.maxPool(x, { name: 'pool', kernel: 1, stride }),
  )
}

function normAct(g: GraphBuilder, x: Value, name: string): Value {
  return relu(g, kerasNorm(g, x, { name: `norm${name}` }), { name: `act${name}` })
}
