import { GraphBuilder, type Params, parameter, parameters, sizeOf, tensor } from '@resnet-ts/graph'
import { expect, test } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { wasm } from '../dist/index.js'
import { alignUp } from './plan/arena.js'
import { engineFor, filled, random } from './testing/engine.js'
import { spentSince } from './testing/workers.js'

/** Convolutions of every form, of 14 MB together: the largest have a parcel of their own, and leave none room beside them. */
function network() {
  const g = new GraphBuilder('forms')
  const image = g.input('image', { channels: 3 })
  let x = g.conv2d(image, { name: 'stem', channels: 64, kernel: 7, stride: 2, padding: 3 })
  x = g.conv2d(x, { name: 'groups', channels: 64, kernel: 3, padding: 1, groups: 16 })
  x = g.conv2d(x, { name: 'wide', channels: 512, kernel: 1 })
  x = g.conv2d(x, { name: 'narrow', channels: 256, kernel: 1 })
  for (const name of ['first', 'second', 'third']) {
    x = g.relu(g.conv2d(x, { name, channels: 256, kernel: 3, padding: 1, bias: true }))
  }
  x = g.conv2d(x, { name: 'apart', channels: 257, kernel: 3, stride: 2, padding: 1 })
  g.output('logits', g.linear(g.globalPool(x), { name: 'fc', channels: 999 }))
  const graph = g.build()
  const u = random(7)
  const params: Params = new Map(
    parameters(graph).map(({ key, shape }) => {
      const scale = Math.sqrt(6 / sizeOf(shape.slice(1)))
      return [key, parameter(shape, filled(shape, () => (2 * u() - 1) * scale).data)]
    }),
  )
  return { graph, params }
}

const { graph, params } = network()

test('what packs the weights makes no difference', async () => {
  const u = random(1)
  const image = tensor([1, 56, 56, 3], filled([1, 56, 56, 3], () => 2 * u() - 1).data)
  const results = []
  for (const options of [{ worker: false }, { threads: 1 }, { threads: 2 }, { threads: 3 }]) {
    const session = await wasm({ ...options, imageSize: 56 }).compile(graph, params)
    results.push((await session.run({ image })).logits.data)
    await session.dispose()
  }
  expect(new Set(results[0]).size).toBeGreaterThan(900)
  for (const result of results.slice(1)) expect(result).toEqual(results[0])
})

/**
 * Processor time, as a multiple of what it takes to copy as many bytes as there are in the end: it was 7.5 when this was
 * written. Memory has been written to before; new memory costs both the same, and on some machines more than all the rest.
 */
const mostCopies = 15

test('packing takes a few times as long as copying', async () => {
  const engine = await engineFor(graph, params, { imageSize: 56 })
  const nodes = graph.nodes.flatMap(({ name }) => {
    const own = parameters(graph).filter(({ node }) => node === name)
    const values = own.map(({ key }) => [key.slice(name.length + 1), params.get(key)!.read()] as const)
    return own.length > 0 ? [{ node: name, values: Object.fromEntries(values) }] : []
  })
  const bytes = alignUp(engine.staging.address)
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)]
  const least = (work: () => void) => {
    const rounds = Array.from({ length: 12 }, () => {
      const before = process.cpuUsage()
      for (let time = 0; time < 4; time++) work()
      return spentSince(before)
    })
    return Math.min(...rounds)
  }
  const packing = least(() => engine.pack(nodes))
  const copying = least(() => to.set(from))
  console.info(`packing takes ${(packing / copying).toFixed(1)} times as long as copying ${bytes / 2 ** 20} MB`)
  expect(packing / copying).toBeLessThan(mostCopies)
})
