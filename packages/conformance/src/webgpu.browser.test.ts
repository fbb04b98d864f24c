import { withoutChromium } from '@resnet-ts/testing/chromium'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { type BackendInChromium, openWebgpuInChromium } from './testing/inChromium.js'
import { describeConformance } from './vitest.js'

/** An adapter of software takes a minute for some. */
const mostParameters = process.env.RESNET_TS_LONG ? Number.POSITIVE_INFINITY : 16e6

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let inChromium: BackendInChromium
  beforeAll(async () => {
    inChromium = await openWebgpuInChromium()
  }, 60_000)
  afterAll(() => inChromium?.close())

  describeConformance('webgpu', () => inChromium.backend)

  describe('webgpu has the logits of timm', () => {
    for (const [title, run] of kinds()) {
      const isLong = run.parameters > mostParameters
      test.skipIf(isLong)(isLong ? `${title} (skipped: long; RESNET_TS_LONG=1 runs it)` : title, async () => {
        expect((await measure(run, 'optimised', inChromium.backend, bounds['as written'])).faults).toEqual([])
      })
    }
  })

  test('the page has nothing to say', () => {
    expect(inChromium.said).toEqual([])
  })
})
