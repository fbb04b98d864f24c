import { withoutChromium } from '@resnet-ts/testing/chromium'
import { beforeAll, describe, expect, test } from 'vitest'
import { countInChromium } from './count.js'
import type { NetworkCounts } from './job.js'

/** Basic blocks and grouped bottlenecks, with a gate, and with blurs. */
const models = ['test_resnet', 'ecaresnext26t_32x4d', 'resnetblur18']

describe.skipIf(withoutChromium)(`on WebGPU${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let counts: NetworkCounts[]
  beforeAll(async () => {
    const jobs = models.map((model) => ({ model, batch: 1, size: 32 }))
    counts = await countInChromium(jobs, AbortSignal.timeout(170_000), () => undefined)
  }, 180_000)

  test('every network was counted', () => {
    expect(counts.map(({ model }) => model)).toEqual(models)
    for (const { nodes } of counts) expect(nodes).toBeGreaterThan(10)
  })

  test('at most one dispatch a node, softmax excepted, and one readback', () => {
    for (const { model, nodes, softmaxes, firstRun, secondRun } of counts) {
      for (const { dispatches, readbacks, readBytes } of [firstRun, secondRun]) {
        expect(dispatches, model).toBeGreaterThan(0)
        if (softmaxes === 0) expect(dispatches, model).toBeLessThanOrEqual(nodes)
        expect(readbacks, model).toBe(1)
        expect(readBytes, model).toBeGreaterThan(0)
      }
    }
  })

  test('weights are uploaded when it is compiled, and shaders compiled, never in a run', () => {
    for (const { model, nodes, compile, firstRun, secondRun } of counts) {
      expect(compile.dispatches, model).toBe(0)
      expect(compile.readbacks, model).toBe(0)
      expect(compile.pipelines, model).toBeGreaterThan(0)
      for (const { pipelines, uploadedBytes } of [firstRun, secondRun]) {
        expect(pipelines, model).toBe(0)
        // The image, and the uniforms of each node.
        expect(uploadedBytes, model).toBeLessThan(4 * 32 * 32 * 3 + 512 * nodes)
      }
    }
  })
})
