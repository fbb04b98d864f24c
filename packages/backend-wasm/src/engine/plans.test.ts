import { GraphBuilder, parameter } from '@resnet-ts/graph'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { planFor } from '../plan/plan.js'
import { compute, engineFor, filled } from '../testing/engine.js'

// It still plans, but its calls are counted.
vi.mock('../plan/plan.js', { spy: true })

const g = new GraphBuilder('edges')
g.output('y', g.conv2d(g.input('image', { channels: 1 }), { name: 'conv', channels: 1, kernel: 3, padding: 1 }))
const graph = g.build()
const params = new Map([['conv.weight', parameter([1, 1, 3, 3], new Float32Array(9).fill(1))]])

const imageOf = (batch: number, height: number, width: number) => {
  return filled([batch, height, width, 1], (index) => (index * 5) % 7)
}

describe('a plan is made', () => {
  beforeEach(() => {
    vi.mocked(planFor).mockClear()
  })
  const plans = () => vi.mocked(planFor).mock.calls.length

  test('once for a batch and a size, whatever is run in between', async () => {
    const engine = await engineFor(graph, params, {})
    const images = [imageOf(1, 8, 8), imageOf(2, 8, 8), imageOf(1, 8, 9), imageOf(1, 9, 8)]
    const first = images.map((image) => compute(engine, image))
    expect(plans()).toBe(images.length)
    for (let round = 0; round < 3; round++) {
      for (const [index, image] of images.entries()) expect(compute(engine, image)).toEqual(first[index])
    }
    expect(plans()).toBe(images.length)
  })

  test('again where eight others were used since', async () => {
    const engine = await engineFor(graph, params, {})
    const images = Array.from({ length: 9 }, (_, index) => imageOf(1, 4, 4 + index))
    for (const image of images) compute(engine, image)
    expect(plans()).toBe(9)
    // The second is among the last eight, and is used; so the third is the one to go.
    compute(engine, images[1])
    expect(plans()).toBe(9)
    compute(engine, images[0])
    expect(plans()).toBe(10)
    compute(engine, images[1])
    expect(plans()).toBe(10)
    compute(engine, images[2])
    expect(plans()).toBe(11)
  })
})
