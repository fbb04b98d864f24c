import { withoutChromium } from '@resnet-ts/testing/chromium'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds, unlessLong } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { type BackendInChromium, openWebgpuInChromium } from './testing/inChromium.js'
import { describeConformance } from './vitest.js'

/** An adapter of software takes a minute for some. */
const mostParameters = 16e6

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let inChromium: BackendInChromium
  beforeAll(async () => {
    inChromium = await openWebgpuInChromium()
  }, 60_000)
  afterAll(() => inChromium?.close())

  describeConformance('webgpu', () => inChromium.backend)

  describe('webgpu has the logits of timm', () => {
    for (const [kind, run] of kinds()) {
      const { isLong, title } = unlessLong(kind, run, mostParameters)
      test.skipIf(isLong)(
        title,
        async () => {
          expect((await measure(run, 'optimised', inChromium.backend, bounds['as written'])).faults).toEqual([])
        },
        600_000,
      )
    }
  })

  test('the page has nothing to say', () => {
    expect(inChromium.said).toEqual([])
  })
})
