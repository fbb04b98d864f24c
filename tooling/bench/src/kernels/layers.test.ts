import { goldenModel } from '@resnet-ts/golden'
import { expect, test } from 'vitest'
import { courseOf } from '../race/network.js'
import { layerShapes } from './layers.js'
import { speedsOf } from './measure.js'

test.each(['resnet18', 'resnext50_32x4d'])('the layers of %s add up to its multiply-accumulates', (model) => {
  const { network, shape } = courseOf(model, 1)
  const shapes = layerShapes(network, shape)
  expect(shapes.reduce((sum, { flops }) => sum + flops, 0)).toBe(2 * goldenModel(model).macs224)
  expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length)
  const nodes = shapes.flatMap((layer) => layer.nodes)
  expect(nodes.sort()).toEqual(
    network.graph.nodes
      .slice(1)
      .map(({ name }) => name)
      .sort(),
  )
})

test('a shape is told with all that makes its kernel', () => {
  const { network, shape } = courseOf('resnext50_32x4d', 1)
  const names = layerShapes(network, shape).map(({ name }) => name)
  expect(names.slice(0, 3)).toEqual(['7×7 3 → 64 at 224×224, stride 2', 'maxPool', '1×1 64 → 128 at 56×56'])
  expect(names).toContain('3×3 256 → 256 at 56×56, stride 2, groups 32')
  expect(names).toContain('linear 2048 → 1000')
})

test('speeds are those of all layers of a shape, as shares of the tile in the same round', () => {
  const shapes = [
    { name: 'a', nodes: ['a1', 'a2'], flops: 4e9 },
    { name: 'pool', nodes: ['p'], flops: 0 },
  ]
  const profile = (first: number) => [
    { node: 'a1', milliseconds: first },
    { node: 'p', milliseconds: 5 },
    { node: 'a2', milliseconds: 60 },
  ]
  const rounds = [
    { tileGflops: 50, profile: profile(40) },
    { tileGflops: 25, profile: profile(140) },
  ]
  const [a, pool, all] = speedsOf(shapes, rounds, 2)
  expect(a).toMatchObject({ layers: 2, milliseconds: { median: 150 }, gflops: { median: 30 } })
  // 40 and 20 GFLOP/s, where two threads of the tile reach 100 and 50.
  expect(a!.share?.median).toBeCloseTo(0.4, 12)
  expect(pool).toEqual({ name: 'pool', layers: 1, milliseconds: { lower: 5, median: 5, upper: 5 } })
  expect(all).toMatchObject({ name: 'all', layers: 3, milliseconds: { median: 155 } })
})

test('a node that was computed within another has no speed', () => {
  const [a] = speedsOf([{ name: 'a', nodes: ['gone'], flops: 1 }], [{ tileGflops: 50, profile: [] }], 1)
  expect(a).not.toHaveProperty('gflops')
})
