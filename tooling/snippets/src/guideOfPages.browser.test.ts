import { readFileSync } from 'node:fs'
import { type Application, writeApplication } from '@resnet-ts/testing/application'
import { launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fence, fencesOf } from './fences.js'
import { root } from './snippets.js'

const photo = `${root}examples/chelsea.png`
const inAPage = fencesOf(readFileSync(`${root}docs/guides/in-a-page.md`, 'utf8'))
const offline = fencesOf(readFileSync(`${root}docs/guides/offline-and-csp.md`, 'utf8'))

/** The one fence of a language that has these words. */
function codeWith(fences: readonly Fence[], language: string, words: string): string {
  const found = fences.filter(({ info, code }) => info[0] === language && code.includes(words))
  if (found.length !== 1) throw new Error(`expected one fence of ${language} with '${words}', found ${found.length}`)
  return found[0]!.code
}

/** Of lines of an HTTP answer's head. */
function headersOf(lines: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.split(/: (.*)/).slice(0, 2)),
  )
}

/** As the guides tell to send them. */
const headers = {
  ...headersOf(codeWith(offline, 'text', 'Content-Security-Policy')),
  ...headersOf(codeWith(offline, 'text', 'Cross-Origin-Opener-Policy')),
}

describe.skipIf(withoutChromium)(
  `the guide to pages, followed under the guide to policies${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`,
  () => {
    let browser: Browser
    const applications: Application[] = []
    const sites: Site[] = []

    beforeAll(async () => {
      browser = await launch(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
    })
    afterAll(async () => {
      await browser?.close()
      for (const site of sites) site.close()
      for (const application of applications) await application.remove()
    })

    async function open(files: Readonly<Record<string, string>>) {
      const application = await writeApplication('resnet-ts', files)
      applications.push(application)
      const site = await serveFolder(await application.build(), headers)
      sites.push(site)
      const page = await browser.newPage()
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(error.message))
      await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
      await page.route('**/photo.png', (route) => route.fulfill({ path: photo }))
      await page.goto(site.url)
      return { page, said }
    }

    it('a photo that is chosen', async () => {
      const { page, said } = await open({
        'index.html': codeWith(inAPage, 'html', '<input'),
        'main.ts': codeWith(inAPage, 'ts', "input.addEventListener('change'"),
      })
      await page.setInputFiles('input', photo)
      await page.getByText(/^cat, \d+ %$/).waitFor()
      const text = { name: 'text.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo at all') }
      await page.setInputFiles('input', text)
      await page.getByText('expected a').waitFor()
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      expect(said).toEqual([])
    })

    it('a camera', async () => {
      const { page, said } = await open({
        'index.html': '<!doctype html><video></video><output></output><script type="module" src="main.ts"></script>',
        'main.ts': codeWith(inAPage, 'ts', 'getUserMedia'),
      })
      await page.getByText(/^[a-z]+$/).waitFor()
      expect(said).toEqual([])
    })

    it('a worker', async () => {
      const asking = [
        "const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' })",
        "worker.onmessage = ({ data }) => (document.querySelector('output').textContent = data[0].label)",
        "worker.postMessage(await (await fetch('photo.png')).blob())",
      ]
      const { page, said } = await open({
        'index.html': '<!doctype html><output></output><script type="module" src="main.js"></script>',
        'main.js': asking.join('\n'),
        'worker.ts': codeWith(inAPage, 'ts', 'onmessage = async'),
      })
      await page.getByText('cat', { exact: true }).waitFor()
      expect(said).toEqual([])
    })
  },
)
