import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isolation, launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldenCases } from './cases/golden.js'
import { conformanceCases } from './cases/index.js'
import { type Bundle, bundlePage } from './testing/bundle.js'
import type {} from './testing/suite/main.js'

/** Puts PyTorch's numbers beside the page, which cannot read them as Node does. */
function writeGoldenCases(folder: string): void {
  const plain = (_: string, value: unknown) => (value instanceof Float32Array ? { float32: [...value] } : value)
  writeFileSync(join(folder, 'golden.json'), JSON.stringify(goldenCases(), plain))
}

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let bundle: Bundle
  beforeAll(async () => {
    bundle = await bundlePage('suite')
    writeGoldenCases(bundle.folder)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    bundle?.remove()
  })

  describe.each([
    ['with 1 thread, not isolated', {}, { threads: 1 }, 1],
    ['with 2 threads, isolated', isolation, { threads: 2 }, 2],
  ])('wasm %s', (_, headers, options, workers) => {
    let site: Site
    let page: Page
    beforeAll(async () => {
      site = await serveFolder(bundle.folder, headers)
      page = await browser.newPage()
      await page.goto(site.url)
      await page.waitForFunction(() => 'conformance' in globalThis)
    })
    afterAll(async () => {
      await page?.close()
      site?.close()
    })

    test('conforms, all cases as one network', async () => {
      let started = 0
      page.on('worker', () => started++)
      expect(await page.evaluate((given) => globalThis.conformance.checkMerged(given), options)).toEqual([])
      expect(started).toBe(workers)
    })

    test('keeps the contract', async () => {
      const results = await page.evaluate((given) => globalThis.conformance.runContract(given), options)
      expect(results.filter(({ message }) => message !== undefined)).toEqual([])
      expect(results.length).toBeGreaterThan(20)
    })

    test('conforms on the calling thread, case by case', async () => {
      const { count, faults } = await page.evaluate(() => globalThis.conformance.checkEach({ worker: false }))
      expect(faults).toEqual([])
      expect(count).toBe(conformanceCases().length)
    })
  })
})
