import {
  activationKinds,
  BackendError,
  type Graph,
  GraphBuilder,
  lower,
  type Params,
  parameter,
  parameters,
  ShapeError,
  sizeOf,
  tensor,
} from '@resnet-ts/graph'
import { expectClose } from '@resnet-ts/testing/close'
import { randomGraph } from '@resnet-ts/testing/randomGraph'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { compute, engineFor, filled, random } from '../testing/engine.js'
import type { Engine } from './engine.js'

const forms = { residual: true, activations: activationKinds }

/** Parameters that are a function of their place. */
function paramsFor(graph: Graph): Params {
  const u = random(7)
  return new Map(
    parameters(graph).map(({ key, shape }) => {
      const isNorm = shape.length === 1 && !key.endsWith('bias') && !key.endsWith('running_mean')
      const scale = Math.sqrt(3 / Math.max(1, sizeOf(shape.slice(1))))
      const values = Float32Array.from({ length: sizeOf(shape) }, () => (isNorm ? 0.5 + u() : (2 * u() - 1) * scale))
      return [key, parameter(shape, values)]
    }),
  )
}

function lowered(graph: Graph) {
  return lower({ graph, params: paramsFor(graph) }, forms)
}

async function engineOf(graph: Graph, options: Parameters<typeof engineFor>[2] = {}): Promise<Engine> {
  const network = lowered(graph)
  return engineFor(network.graph, network.params, options)
}

function imageOf(shape: readonly number[], seed = 1) {
  const u = random(seed)
  return filled(shape, () => 4 * u() - 2)
}

describe('memory', () => {
  test('a value is never overwritten while it is still to be read', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async ({ graph, inputShapes }) => {
        const everything = Object.fromEntries(graph.nodes.map(({ name }) => [name, name]))
        const inputs = Object.values(inputShapes).map((shape) => imageOf(shape))
        // Where all values are outputs, none can be overwritten.
        const kept = await engineOf({ ...graph, outputs: everything })
        const all = compute(kept, ...inputs)
        const outputs = compute(await engineOf(graph), ...inputs)
        for (const [index, name] of Object.values(graph.outputs).entries()) {
          expectClose(outputs[index].data, all[Object.keys(everything).indexOf(name)].data)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('it does not grow with inferences, nor with sizes that have been before', async () => {
    const engine = await engineOf(block())
    const sizes = [8, 13, 21, 5]
    for (const size of sizes) compute(engine, imageOf([1, size, size, 8]))
    const before = engine.memoryBytes
    for (let round = 0; round < 20; round++) for (const size of sizes) compute(engine, imageOf([1, size, size, 8]))
    expect(engine.memoryBytes).toBe(before)
  })

  test('too little of it is a BackendError with the sizes, and the engine is none the worse', async () => {
    const g = new GraphBuilder('wide')
    g.output('y', g.conv2d(g.input('image', { channels: 1 }), { name: 'conv', channels: 4096, kernel: 1 }))
    const engine = await engineOf(g.build())
    const small = imageOf([1, 3, 3, 1])
    const [before] = compute(engine, small)
    const large = tensor([1, 1024, 1024, 1], new Float32Array(1024 * 1024))
    expect(() => engine.begin([large])).toThrow(BackendError)
    expect(() => engine.begin([large])).toThrow(
      /expected 16\d\d\d MiB of WebAssembly memory, found 1 MiB, and no more to be had; a smaller batch/,
    )
    expect(compute(engine, small)).toEqual([before])
  })
})

/** A residual block on eight channels, at half the size. */
function block(): Graph {
  const g = new GraphBuilder('block')
  const x = g.input('image', { channels: 8 })
  const y = g.relu(
    g.batchNorm(g.conv2d(x, { name: 'conv1', channels: 16, kernel: 3, stride: 2, padding: 1 }), { name: 'bn1' }),
  )
  const shortcut = g.conv2d(g.avgPool(x, { kernel: 2, stride: 2, ceilMode: true }), {
    name: 'down',
    channels: 16,
    kernel: 1,
  })
  const z = g.batchNorm(g.conv2d(y, { name: 'conv2', channels: 16, kernel: 3, padding: 1 }), { name: 'bn2' })
  g.output('y', g.relu(g.add(z, shortcut)))
  return g.build()
}

describe('graphs out of the ordinary', () => {
  test('nothing but an input', async () => {
    const g = new GraphBuilder('identity')
    g.output('y', g.input('image', { channels: 3 }))
    const image = imageOf([2, 3, 3, 3])
    expect(compute(await engineOf(g.build()), image)).toEqual([image])
  })

  test('one value under several names', async () => {
    const g = new GraphBuilder('twice')
    const y = g.relu(g.input('image', { channels: 3 }))
    g.output('one', y)
    g.output('other', y)
    const [one, other] = compute(await engineOf(g.build()), imageOf([1, 2, 2, 3]))
    expect(other).toEqual(one)
    expect(other.data.buffer).not.toBe(one.data.buffer)
  })

  test('several inputs of several ranks', async () => {
    const g = new GraphBuilder('two')
    const map = g.input('map', { channels: 3 })
    const gate = g.input('gate', { channels: 3, rank: 2 })
    g.output('sum', g.add(g.globalPool(map), gate))
    const [{ shape, data }] = compute(
      await engineOf(g.build()),
      filled([2, 2, 2, 3], () => 1),
      filled([2, 3], (index) => index),
    )
    expect(shape).toEqual([2, 3])
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('an input that nobody reads', async () => {
    const g = new GraphBuilder('unread')
    g.input('unread', { channels: 1 })
    g.output('y', g.relu(g.input('image', { channels: 1 })))
    const unread = tensor([1, 1, 1, 1], Float32Array.of(9))
    const image = tensor([1, 1, 2, 1], Float32Array.of(-1, 2))
    const [{ data }] = compute(await engineOf(g.build()), unread, image)
    expect([...data]).toEqual([0, 2])
  })

  test.each([
    [1, 1, 1],
    [1, 1, 400],
    [1, 400, 1],
    [7, 2, 3],
    [64, 1, 1],
  ])('maps of %i × %i × %i', async (batch, height, width) => {
    const engine = await engineOf(block())
    const image = imageOf([batch, height, width, 8])
    const together = compute(engine, image)[0]
    const size = height * width * 8
    for (let index = 0; index < batch; index++) {
      const alone = tensor([1, height, width, 8], image.data.slice(index * size, (index + 1) * size))
      const [{ data }] = compute(engine, alone)
      expectClose(together.data.subarray(index * data.length, (index + 1) * data.length), data)
    }
  })

  test('a size that the network cannot take is a ShapeError, and the engine is none the worse', async () => {
    const g = new GraphBuilder('large')
    g.output('y', g.conv2d(g.input('image', { channels: 1 }), { name: 'conv', channels: 1, kernel: 5 }))
    const engine = await engineOf(g.build())
    const [before] = compute(engine, imageOf([1, 6, 6, 1]))
    expect(() => engine.begin([imageOf([1, 4, 4, 1])])).toThrow(ShapeError)
    expect(compute(engine, imageOf([1, 6, 6, 1]))).toEqual([before])
  })

  test('one that not even the nominal size suits is computed all the same', async () => {
    const g = new GraphBuilder('huge')
    const x = g.conv2d(g.input('image', { channels: 8 }), { name: 'conv', channels: 8, kernel: 3, padding: 1 })
    g.output('y', g.maxPool(x, { kernel: [1000, 1], stride: 1 }))
    const [{ shape }] = compute(await engineOf(g.build()), imageOf([1, 1001, 2, 8]))
    expect(shape).toEqual([1, 2, 2, 8])
  })
})

describe('plans', () => {
  test('of more sizes than are kept, each yields the same again', async () => {
    const engine = await engineOf(block())
    const images = Array.from({ length: 12 }, (_, index) => imageOf([1, 4 + index, 9, 8]))
    const first = images.map((image) => compute(engine, image)[0])
    for (const [index, image] of images.entries()) expect(compute(engine, image)[0]).toEqual(first[index])
  })

  test('written anew after a run that did not end, yield the same', async () => {
    const engine = await engineOf(block())
    const image = imageOf([1, 9, 9, 8])
    const whole = compute(engine, image)
    const count = engine.begin([image])
    engine.compute(0, count - 1)
    engine.forgetPlan()
    expect(compute(engine, image)).toEqual(whole)
  })
})

describe('the profile', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await engineOf(block(), { profile: true })
  })

  test('has every step once, with its kernel and a time', () => {
    engine.compute(0, engine.begin([imageOf([1, 64, 64, 8])]))
    const { profile } = engine.end()
    const names = profile?.map(({ node }) => node) ?? []
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['conv1', 'conv2', 'down']))
    for (const { kernel, milliseconds } of profile ?? []) {
      expect(kernel).toMatch(/\w/)
      expect(milliseconds).toBeGreaterThanOrEqual(0)
    }
    expect(profile?.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeGreaterThan(0)
  })

  test('is not there unasked', async () => {
    const other = await engineOf(block())
    other.compute(0, other.begin([imageOf([1, 8, 8, 8])]))
    expect(other.end().profile).toBeUndefined()
  })
})

test('an engine computes the same from run to run, and so does another of its settings', async () => {
  const image = imageOf([2, 17, 19, 8])
  const one = await engineOf(block())
  const other = await engineOf(block())
  const first = compute(one, image)
  for (let run = 0; run < 5; run++) expect(compute(one, image)).toEqual(first)
  expect(compute(other, image)).toEqual(first)
})
