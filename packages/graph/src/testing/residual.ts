import { GraphBuilder, type Value } from '../builder.js'
import type { Graph } from '../graph.js'

/** A block as tests need them: a convolution and a sum with its input, or with a projection of it. */
export function smallBlock(g: GraphBuilder, x: Value, channels: number, stride = 1): Value {
  const conv = (y: Value, name: string, own: number) =>
    g.batchNorm(g.conv2d(y, { name, channels, kernel: 3, padding: 1, stride: own }), { name: `${name}_norm` })
  const y = conv(g.relu(conv(x, 'conv1', stride), { name: 'act1' }), 'conv2', 1)
  const changes = stride > 1 || x.type.channels !== channels
  const shortcut = changes
    ? g.scope('downsample', 'downsample', () => g.conv2d(x, { name: '0', channels, kernel: 1, stride }))
    : x
  return g.relu(g.add(y, shortcut, { name: 'add' }), { name: 'act2' })
}

/** The pre-activated block, dashed where it changes the shape: its shortcut then starts after the activation. */
export function preActivatedBlock(g: GraphBuilder, x: Value, channels: number, stride = 1): Value {
  const preActivated = g.relu(g.batchNorm(x, { name: 'norm1' }), { name: 'act1' })
  const y = g.conv2d(preActivated, { name: 'conv1', channels, kernel: 3, padding: 1, stride })
  const z = g.conv2d(g.relu(g.batchNorm(y, { name: 'norm2' }), { name: 'act2' }), {
    name: 'conv2',
    channels,
    kernel: 1,
  })
  const changes = stride > 1 || x.type.channels !== channels
  const projection = () => g.conv2d(preActivated, { name: 'conv', channels, kernel: 1, stride })
  return g.add(z, changes ? g.scope('downsample', 'downsample', projection) : x, { name: 'add' })
}

/** A residual network of so many blocks in each stage, 4 channels in the first and twice as many in each next. */
export function residualNetwork(
  blocks: readonly number[],
  options: { readonly block?: typeof smallBlock; readonly name?: string } = {},
): Graph {
  const { block = smallBlock, name = 'small' } = options
  const g = new GraphBuilder(name)
  const stem = g.relu(
    g.conv2d(g.input('image', { channels: 3 }), { name: 'conv1', channels: 4, kernel: 3, padding: 1 }),
  )
  const features = blocks.reduce((x, count, stage) => {
    const write = (y: Value, index: number) =>
      g.scope(String(index), 'smallBlock', () => block(g, y, 4 * 2 ** stage, stage > 0 && index === 0 ? 2 : 1))
    const indices = Array.from({ length: count }, (_, index) => index)
    return g.scope(`layer${stage + 1}`, 'stage', () => indices.reduce(write, x))
  }, stem)
  const embedding = g.globalPool(features, { name: 'pool' })
  g.output('logits', g.linear(embedding, { name: 'fc', channels: 10 }))
  g.output('embedding', embedding)
  return g.build()
}
