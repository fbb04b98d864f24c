import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldenCases } from './cases/golden.js'
import { conformanceCases } from './cases/index.js'
import type {} from './testing/page/main.js'

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** Makes the page of testing/page, with PyTorch's numbers beside it. */
async function bundlePage(outDir: string): Promise<void> {
  const root = fileURLToPath(new URL('testing/page', import.meta.url))
  const vitest = join(root, 'vitest.ts')
  await build({ root, configFile: false, logLevel: 'error', resolve: { alias: { vitest } }, build: { outDir } })
  const json = JSON.stringify(goldenCases(), (_, value) =>
    value instanceof Float32Array ? { float32: [...value] } : value,
  )
  writeFileSync(join(outDir, 'golden.json'), json)
}

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'resnet-ts-'))
    await bundlePage(folder)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  describe.each([
    ['with 1 thread, not isolated', {}, { threads: 1 }, 1],
    ['with 2 threads, isolated', isolation, { threads: 2 }, 2],
  ])('wasm %s', (_, headers, options, workers) => {
    let site: Site
    let page: Page
    beforeAll(async () => {
      site = await serveFolder(folder, headers)
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
