import { fileURLToPath } from 'node:url'
import { launch, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelInUse, patience, predictionsOn, skipped, visit } from './testing/visitor.js'

describe.skipIf(withoutChromium)(`Vite's server for development${skipped}`, { timeout: 2 * patience }, () => {
  let browser: Browser
  let server: ViteDevServer
  beforeAll(async () => {
    server = await createServer({
      root: fileURLToPath(new URL('../', import.meta.url)),
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0 },
    })
    await server.listen()
    browser = await launch()
  }, patience)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  }, patience)

  test('serves the app as it stands in the sources', async () => {
    const { page, said, close } = await visit(browser, server.resolvedUrls!.local[0]!)
    await modelInUse(page, 'cifar_resnet20')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await page.locator('.example').first().click()
    expect((await predictionsOn(page))[0]?.[0]).toBe('cat')
    await page.getByRole('link', { name: 'Network' }).first().click()
    await page.locator('.frame').first().waitFor()
    expect(said.filter((message) => !/^debug: \[vite\]/.test(message))).toEqual([])
    await close()
  })
})
