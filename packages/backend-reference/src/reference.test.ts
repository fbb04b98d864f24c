import {
  BackendError,
  type Graph,
  GraphBuilder,
  optimise,
  type Parameter,
  parameter,
  parameters,
  tensor,
} from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { reference } from './reference.js'

/** The values of a parameter, all different. */
function ramp(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 7) % 11) / 11 - 0.4)
}

function rampParams(graph: Graph) {
  const entries = parameters(graph).map(({ key, shape }) => {
    const values = ramp(shape.reduce((product, size) => product * size, 1))
    return [key, parameter(shape, key.endsWith('running_var') ? values.map((value) => value + 1) : values)] as const
  })
  return new Map(entries)
}

/** `relu(bn(conv(image)) + image)`, many times over. */
function chain(blocks: number): Graph {
  const g = new GraphBuilder('chain')
  let x = g.input('image', { channels: 4 })
  for (let index = 0; index < blocks; index++) {
    const y = g.batchNorm(g.conv2d(x, { channels: 4, kernel: 3, padding: 1 }))
    x = g.relu(g.add(y, x))
  }
  g.output('features', x)
  return g.build()
}

test('what the example of the README says', async () => {
  const g = new GraphBuilder('edges')
  const image = g.input('image', { channels: 1 })
  g.output('edges', g.relu(g.conv2d(image, { name: 'conv', channels: 1, kernel: [1, 2] })))
  const params = new Map([['conv.weight', parameter([1, 1, 1, 2], Float32Array.of(-1, 1))]])
  const session = await reference().compile(g.build(), params)
  const { edges } = await session.run({ image: tensor([1, 1, 4, 1], Float32Array.of(0, 0, 3, 1)) })
  expect(edges).toEqual(tensor([1, 1, 3, 1], Float32Array.of(0, 3, 0)))
})

test('a fused graph gives what the graph it was made of gives', async () => {
  const graph = chain(2)
  const network = { graph, params: rampParams(graph) }
  const fused = optimise(network)
  expect(fused.graph.nodes.map((node) => node.op)).toEqual(['input', 'conv2d', 'conv2d'])
  const image = tensor([2, 5, 3, 4], ramp(120))
  const [plain, fast] = await Promise.all(
    [network, fused].map(async ({ graph, params }) => {
      const session = await reference().compile(graph, params)
      return (await session.run({ image })).features
    }),
  )
  expect(fast.shape).toEqual(plain.shape)
  for (const [index, value] of plain.data.entries()) expect(fast.data[index]).toBeCloseTo(value, 5)
})

test('each parameter is read once, while compiling', async () => {
  const graph = chain(2)
  const reads: string[] = []
  const counted = new Map<string, Parameter>()
  for (const [key, { shape, read }] of rampParams(graph)) {
    counted.set(key, {
      shape,
      read() {
        reads.push(key)
        return read()
      },
    })
  }
  const session = await reference().compile(graph, counted)
  await session.run({ image: tensor([1, 2, 2, 4], ramp(16)) })
  expect(reads).toEqual(parameters(graph).map(({ key }) => key))
})

describe('a run under way', () => {
  const graph = chain(40)
  const image = tensor([1, 96, 96, 4], ramp(96 * 96 * 4))

  test('ends with the reason of a signal that comes while it computes', async () => {
    const session = await reference().compile(graph, rampParams(graph))
    const reason = new Error('changed my mind')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason))
    await expect(session.run({ image }, { signal: controller.signal })).rejects.toBe(reason)
  })

  test('ends as it should when the session is disposed of meanwhile, which waits for it', async () => {
    const session = await reference().compile(graph, rampParams(graph))
    const ended: string[] = []
    const run = session.run({ image }).then(() => ended.push('run'))
    const disposal = session.dispose().then(() => ended.push('disposal'))
    await expect(session.run({ image })).rejects.toThrow(BackendError)
    await Promise.all([run, disposal])
    expect(ended).toEqual(['run', 'disposal'])
  })
})

test('an output that is an input is a copy', async () => {
  const g = new GraphBuilder('nothing')
  g.output('same', g.input('image', { channels: 1 }))
  const session = await reference().compile(g.build(), new Map())
  const image = tensor([1, 1, 1, 1], Float32Array.of(5))
  const { same } = await session.run({ image })
  image.data[0] = 6
  expect(same.data[0]).toBe(5)
})
