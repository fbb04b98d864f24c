import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Application, writeApplication } from '@resnet-ts/testing/application'
import { launch, type Site, serveFolder, strictPolicy, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { preprocess } from '../preprocess.js'
import { png } from '../testing/files.js'
import { imagenetAt } from '../testing/golden.js'
import { noise, sha256 } from '../testing/images.js'
import { openPage } from '../testing/site.js'

const source = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  // What an application uses of the package, so that the size is true.
  'main.js':
    "import { decode, prepare, preprocess } from '@resnet-ts/vision'\nglobalThis.vision = { decode, prepare, preprocess }\n",
}

describe.skipIf(withoutChromium)(
  `what Vite builds, in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`,
  () => {
    let browser: Browser
    let site: Site
    let application: Application
    let folder: string
    const photo = noise(700, 500)

    beforeAll(async () => {
      application = await writeApplication('vision', source)
      folder = await application.build()
      await writeFile(join(folder, 'photo.png'), await png(photo))
      site = await serveFolder(folder, { 'content-security-policy': strictPolicy })
      browser = await launch()
    })
    afterAll(async () => {
      await browser?.close()
      site?.close()
      await application?.remove()
    })

    it('prepares a photograph in its worker, under a policy that allows no more than it must', async () => {
      const config = imagenetAt([224, 224], 0.875, 'bicubic')
      const page = await openPage(browser, site)
      const found = await page.evaluate(async (config) => {
        const { pixels } = await vision.prepare('/photo.png', config)
        const hash = await crypto.subtle.digest('SHA-256', pixels.data as Float32Array<ArrayBuffer>)
        return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
      }, config)
      expect(page.workers().length).toBe(1)
      expect(page.workers()[0]!.url()).toMatch(/\/assets\/worker-.*\.js$/)
      expect(found).toBe(sha256(preprocess(photo, config).data))
    })

    it('is small', async () => {
      const names = await readdir(join(folder, 'assets'))
      const sizes = await Promise.all(
        names.map(async (name) => gzipSync(await readFile(join(folder, 'assets', name))).length),
      )
      expect(names.length).toBeGreaterThan(1)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(32_000)
    })
  },
)
