import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Application, writeApplication } from '@resnet-ts/testing/application'
import { isolation, launch, serveFolder, strictPolicy, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { load, type Prediction } from './index.js'

declare global {
  /** What the application's page has. */
  var resnet: typeof import('./index.js') & Pick<typeof import('@resnet-ts/backend-wasm'), 'wasm'>
}

const photo = fileURLToPath(new URL('../../../examples/chelsea.png', import.meta.url))
const source = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  'main.js':
    "import { wasm } from '@resnet-ts/backend-wasm'\nimport * as resnet from 'resnet-ts'\nglobalThis.resnet = { ...resnet, wasm }\n",
}

describe.skipIf(withoutChromium)(
  `an application that Vite builds, with no configuration${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`,
  () => {
    let application: Application
    let folder: string
    let browser: Browser
    let expected: readonly Prediction[]

    beforeAll(async () => {
      application = await writeApplication('resnet-ts', source)
      folder = await application.build()
      browser = await launch()
      const model = await load()
      expected = await model.classify(photo)
      await model.dispose()
    })
    afterAll(async () => {
      await browser?.close()
      await application?.remove()
    })

    /** A page of the application, what it printed, and the paths of what it loaded, one after the other. */
    async function open(url: string) {
      const page = await browser.newPage()
      const said: string[] = []
      const loaded: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(error.message))
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname.slice(1)))
      await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
      await page.route('**/photo.png', async (route) => route.fulfill({ body: await readFile(photo) }))
      await page.goto(url)
      await page.waitForFunction(() => 'resnet' in globalThis)
      return { page, said, loaded }
    }

    function classify(page: Page, threads?: number) {
      return page.evaluate(async (threads) => {
        const backends = threads === undefined ? undefined : [resnet.wasm({ threads })]
        const model = await resnet.load('cifar_resnet20', { backends })
        const predictions = await model.classify('/photo.png')
        const description = model.describe()
        await model.dispose()
        return { predictions, description }
      }, threads)
    }

    function expectSame(predictions: readonly Prediction[]): void {
      expect(predictions.map(({ label }) => label)).toEqual(expected.map(({ label }) => label))
      for (const [index, { probability }] of predictions.entries()) {
        expect(probability).toBeCloseTo(expected[index]!.probability, 5)
      }
    }

    it.each([
      ['a page', {}, undefined, /^WebAssembly( relaxed)? SIMD, 1 thread$/],
      ['a page that is cross-origin isolated', isolation, 2, /^WebAssembly( relaxed)? SIMD, 2 threads$/],
    ] as const)('classifies in %s, in workers, as in Node', async (_, headers, threads, device) => {
      const site = await serveFolder(folder, { ...headers, 'content-security-policy': strictPolicy })
      const { page, said } = await open(site.url)
      const { predictions, description } = await classify(page, threads)
      expectSame(predictions)
      expect(description.device).toMatch(device)
      expect(said).toEqual([])
      site.close()
    })

    it("classifies on Vite's server for development, in workers, as in Node", async () => {
      const site = await application.develop()
      const { page, said } = await open(site.url)
      const { predictions, description } = await classify(page)
      expectSame(predictions)
      expect(description.device).toMatch(/^WebAssembly( relaxed)? SIMD, 1 thread$/)
      expect(said.filter((line) => !line.startsWith('[vite]'))).toEqual([])
      site.close()
    })

    it('loads at most 120 KB of code beside the weights, of which at most 80 KB are the kernels and the workers', async () => {
      const site = await serveFolder(folder, { 'content-security-policy': strictPolicy })
      const { page, loaded } = await open(site.url)
      await classify(page)
      const scripts = [...new Set(loaded)].filter((name) => name.endsWith('.js'))
      const sizes = await Promise.all(
        scripts.map(async (name) => ({ name, bytes: gzipSync(await readFile(join(folder, name))).length })),
      )
      const total = (pattern: RegExp) => {
        const found = sizes.filter(({ name }) => pattern.test(name))
        return found.reduce((sum, { bytes }) => sum + bytes, 0)
      }
      const weights = total(/^assets\/weights-/)
      const kernels = total(/^assets\/(simd|relaxed)/)
      const workers = total(/^assets\/worker-/)
      const code = total(/./) - weights
      console.info(`gzip: code ${code}, of it kernels ${kernels} and workers ${workers}; weights ${weights}`)
      expect(Math.min(weights, kernels, workers)).toBeGreaterThan(0)
      expect(code).toBeLessThanOrEqual(120 * 1024)
      const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
      const written = 1000 * Number(/loads (\d+) kB of code/.exec(readme)?.[1])
      expect(Math.abs(written - code) / code, `README: ${written}, in fact ${code}`).toBeLessThan(0.1)
      expect(kernels + workers).toBeLessThanOrEqual(80 * 1024)
      site.close()
    })
  },
)
