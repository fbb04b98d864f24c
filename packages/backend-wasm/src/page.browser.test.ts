import { join } from 'node:path'
import { isolation, launch, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import { expectClose } from '@resnet-ts/testing/close'
import type { Browser } from 'playwright-core'
import { build, createServer, type InlineConfig } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, writeApp } from './testing/app.js'
import { outputsOnCpu } from './testing/cpu.js'
import { visit } from './testing/visit.js'

/** The application's own configuration: none, but that linked packages count as installed where they are linked. */
const config = (folder: string): InlineConfig => ({
  root: folder,
  configFile: false,
  logLevel: 'error',
  resolve: { preserveSymlinks: true },
})

const device = 'WebAssembly SIMD (TensorFlow.js), 1 thread'

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let app: App
  let bare: App
  let expected: Awaited<ReturnType<typeof outputsOnCpu>>

  beforeAll(async () => {
    app = writeApp({ tfjs: true })
    bare = writeApp({ tfjs: false })
    browser = await launch()
    expected = await outputsOnCpu()
    await build(config(app.folder))
  })
  afterAll(async () => {
    await browser?.close()
    app?.remove()
    bare?.remove()
  })

  async function expectRight(url: string, isolated: boolean): Promise<void> {
    const { report, said, loaded } = await visit(browser, url)
    expect(report.reason).toBeUndefined()
    expect(report.isolated).toBe(isolated)
    expect(report.description).toMatchObject({ device, notes: [expect.stringMatching(/^One thread: /)] })
    expect(Object.keys(report.outputs ?? {})).toEqual(Object.keys(expected))
    for (const [name, { data }] of Object.entries(expected)) expectClose(report.outputs?.[name] ?? [], data)
    expect(said).toEqual([])
    expect(loaded).toEqual([expect.stringContaining('tfjs-backend-wasm-simd')])
  }

  const servers: [string, boolean][] = [
    ['', false],
    [', cross-origin isolated', true],
  ]

  it.each(servers)('computes in what Vite builds%s', async (_, isolated) => {
    const site = await serveFolder(join(app.folder, 'dist'), isolated ? isolation : {})
    await expectRight(site.url, isolated)
    site.close()
  })

  it.each(servers)("computes on Vite's server for development%s", async (_, isolated) => {
    const headers = isolated ? isolation : {}
    const server = await createServer({ ...config(app.folder), server: { host: '127.0.0.1', port: 0, headers } })
    await server.listen()
    await expectRight(server.resolvedUrls?.local[0] as string, isolated)
    await server.close()
  })

  it('without tfjs Vite builds all the same, and the page hears why', async () => {
    await build({ ...config(bare.folder), logLevel: 'silent' })
    const site = await serveFolder(join(bare.folder, 'dist'))
    const { report, said } = await visit(browser, site.url)
    expect(report.reason).toContain(
      "expected the packages '@tensorflow/tfjs-core' and '@tensorflow/tfjs-backend-wasm', found",
    )
    expect(said).toEqual([])
    site.close()
  })

  it('a file that is missing is named', async () => {
    const site = await serveFolder(join(app.folder, 'dist'))
    const page = await browser.newPage()
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }))
    await page.goto(site.url)
    await page.waitForFunction(() => 'report' in globalThis)
    const reason = await page.evaluate(() =>
      (globalThis as unknown as { report: Promise<{ reason?: string }> }).report.then((report) => report.reason),
    )
    expect(reason).toMatch(
      /expected TensorFlow\.js to load http:.*\/assets\/tfjs-backend-wasm-simd-.*\.wasm, found a failure that the console tells of/,
    )
    expect(reason).toContain("serve that file, or pass the option 'wasmPaths'")
    site.close()
  })
})
