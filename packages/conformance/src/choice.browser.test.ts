import { launch, serveFolder, softwareWebgpu, withoutChromium } from '@resnet-ts/testing/chromium'
import { expectClose } from '@resnet-ts/testing/close'
import type { Browser, Page } from 'playwright-core'
import { load } from 'resnet-ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, bundlePage } from './testing/bundle.js'
import { type Chosen, pixels } from './testing/choice/choose.js'
import type {} from './testing/choice/main.js'

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let bundle: Bundle
  let site: Awaited<ReturnType<typeof serveFolder>>
  let expected: Float32Array
  beforeAll(async () => {
    bundle = await bundlePage('choice')
    site = await serveFolder(bundle.folder)
    const model = await load()
    expected = (await model.predict(pixels())).data
    await model.dispose()
  })
  afterAll(() => {
    site?.close()
    bundle?.remove()
  })

  async function open(browser: Browser): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction(() => 'choice' in globalThis)
    return page
  }

  function expectRight({ logits }: Chosen): void {
    expectClose(logits, expected, 1e-3)
  }

  describe('with a GPU', () => {
    let browser: Browser
    let page: Page
    beforeAll(async () => {
      browser = await launch(softwareWebgpu)
      page = await open(browser)
    })
    afterAll(() => browser?.close())

    test('the fastest is measured once, and remembered for the page and its workers', async () => {
      const measured = await page.evaluate(() => choice.fastest())
      const [why, ...others] = measured.description.notes
      expect(why).toMatch(/^The fastest, measured: (wasm|webgpu) takes [\d.]+ ms an image, (wasm|webgpu) .* ms.*\.$/)
      expect(why).toContain(`measured: ${measured.description.backend} takes`)
      const remembered = await page.evaluate(() => choice.fastest())
      const inWorker = await page.evaluate(() => choice.fastestInWorker())
      for (const chosen of [remembered, inWorker]) {
        expect(chosen.description.notes).toEqual([why!.replace('measured', 'as was measured before'), ...others])
        expect(chosen.description.device).toBe(measured.description.device)
      }
      for (const chosen of [measured, remembered, inWorker]) expectRight(chosen)
    })

    test('what another context of the browser measured is not known', async () => {
      const context = await browser.newContext()
      const other = await context.newPage()
      await other.goto(site.url)
      await other.waitForFunction(() => 'choice' in globalThis)
      const inWorker = await other.evaluate(() => choice.fastestInWorker())
      expect(inWorker.description.notes[0]).toMatch(/^The fastest, measured:/)
      expectRight(inWorker)
      await context.close()
    })

    test('the first is the GPU; when it is lost, the engine goes on', async () => {
      const { before, after } = await page.evaluate(() => choice.loss())
      expect(before.description.backend).toBe('webgpu')
      expect(after.description.backend).toBe('wasm')
      expect(after.description.notes[0]).toMatch(
        /^Not on webgpu: backend 'webgpu': expected its GPU device, found that it was lost.*\.$/,
      )
      expectRight(before)
      expectRight(after)
    })

    test('where it is too small for the weights, the engine computes, and it is told which node', async () => {
      const small = await page.evaluate(() => choice.small())
      expect(small.description.backend).toBe('wasm')
      expect(small.description.notes[0]).toMatch(
        /^Not on webgpu: the weights of node 'layer3.*' \(conv2d\): expected at most 64 KiB, all that a buffer of this adapter holds, found .* KiB; compute with another backend\.$/,
      )
      expectRight(small)
    })
  })

  test('without a GPU the engine computes, and it is told why, whether the first or the fastest is asked for', async () => {
    const browser = await launch(['--disable-gpu', '--disable-features=WebGPUService'])
    const page = await open(browser)
    const chosen = [await page.evaluate(() => choice.first()), await page.evaluate(() => choice.fastest())]
    for (const each of chosen) {
      expect(each.description.backend).toBe('wasm')
      expect(each.description.notes[0]).toMatch(/^Not on webgpu: no (WebGPU here|GPU that the browser would use)/)
      expectRight(each)
    }
    await browser.close()
  })
})
