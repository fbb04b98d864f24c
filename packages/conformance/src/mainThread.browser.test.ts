import { availableParallelism, loadavg } from 'node:os'
import { isolation, launch, longestTaskOf, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, bundlePage } from './testing/bundle.js'
import type {} from './testing/resnet50/main.js'
import type { Watched } from './testing/resnet50/mainThread.js'

/** What a page may not be held up for, in milliseconds: the browser calls it long. */
const longest = 50

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let bundle: Bundle
  beforeAll(async () => {
    bundle = await bundlePage('resnet50')
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    bundle?.remove()
  })

  /** How the main thread of a new page fared while ResNet-50 was loaded, and run, and the processor time of its longest task. */
  async function watch(headers: Readonly<Record<string, string>>, threads: number) {
    const site = await serveFolder(bundle.folder, headers)
    const page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction(() => 'network' in globalThis)
    const watched: Watched[] = []
    const processorTime = await longestTaskOf(page, async () => {
      const loaded = await page.evaluate((count) => globalThis.network.load({ threads: count }), threads)
      expect(loaded.device).toMatch(threads === 1 ? /, 1 thread$/ : /, 2 threads$/)
      watched.push(loaded.watched, await page.evaluate(() => globalThis.network.run()))
    })
    await page.evaluate(() => globalThis.network.dispose())
    await page.close()
    site.close()
    const longTasks = watched.flatMap((each) => each.longTasks)
    return { longTasks, longestLag: Math.max(...watched.map((each) => each.longestLag)), processorTime }
  }

  describe.each<[string, Readonly<Record<string, string>>, number]>([
    ['not isolated, 1 thread', {}, 1],
    ['isolated, 2 threads', isolation, 2],
  ])('a page that loads and runs ResNet-50: %s', (_, headers, threads) => {
    let found: Awaited<ReturnType<typeof watch>>
    beforeAll(async () => {
      found = await watch(headers, threads)
    })

    // The processor's time too has what a virtual machine's host takes of it, so that the least of several counts.
    test('no task of its main thread takes 50 ms of the processor', async () => {
      for (let attempt = 1; found.processorTime >= longest && attempt < 3; attempt++)
        found = await watch(headers, threads)
      expect(found.processorTime).toBeLessThan(longest)
    })

    // By the clock, a task also lasts while another process has the processor.
    test('its main thread is never held up for 50 ms', async ({ skip }) => {
      for (let attempt = 1; found.longTasks.length > 0 || found.longestLag >= longest; attempt++) {
        const report = `tasks of ${found.longTasks.join(', ')} ms, a lag of ${found.longestLag} ms`
        const load = loadavg()[0]!
        if (load > availableParallelism()) skip(`others are in the way, the load is ${load}: ${report}`)
        expect(attempt, report).toBeLessThan(3)
        found = await watch(headers, threads)
      }
    })
  })
})
