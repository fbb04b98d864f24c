import { goldenModelNames, goldenOptions } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import { engineWays } from './golden/engines.js'
import { kinds, unlessLong } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { remembered } from './golden/remembered.js'
import { modelRun, optionRun } from './golden/runs.js'

// What PyTorch answers, on the engine: one network of each kind, the smaller in every way in which it runs here, and networks made with
// options in one. `pnpm golden` has all of them in every way.

const ways = await engineWays()
const [firstWay] = ways
const lastWay = ways[ways.length - 1]
const mostParameters = process.env.RESNET_TS_LONG ? 100e6 : 16e6

/** Winograd's and Strassen's forms included, they keep to the narrower bound. */
const bound = bounds['as written']

describe('logits of one network of each kind, folded and fused', () => {
  for (const [name, kind] of kinds()) {
    const { isLong, title } = unlessLong(name, kind, 100e6)
    test.skipIf(isLong)(title, async () => {
      const run = remembered(kind, new Map())
      // Large ones take long: unless there is time, in one way.
      for (const { name, backend } of run.parameters < mostParameters ? ways : [lastWay]) {
        expect((await measure(run, 'optimised', backend, bound)).faults, name).toEqual([])
      }
    })
  }
})

// As they are written, larger ones have no op that these have not.
test.each(kinds(20e6))('logits of networks as they are written: %s', async (_title, run) => {
  expect((await measure(run, 'as written', firstWay.backend, bound)).faults).toEqual([])
})

describe("networks made with timm's options, folded and fused", () => {
  const memory = new Map<string, Float32Array>()
  const runs = goldenOptions().map((option) => remembered(optionRun(option), memory))
  test.each(runs.map((run) => [run.name, run] as const))('%s', async (_name, run) => {
    expect((await measure(run, 'optimised', lastWay.backend, bound)).faults).toEqual([])
  })
})

test.each(goldenModelNames('cifar'))("the paper's network for CIFAR, in every way: %s", async (name) => {
  for (const { name: way, backend } of ways) {
    expect((await measure(modelRun(name, 'cifar'), 'optimised', backend, bound)).faults, way).toEqual([])
  }
})
