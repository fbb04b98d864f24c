import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { launch, withoutChromium } from '@resnet-ts/testing/chromium'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServedSite, serveSite } from '../testing/site.js'
import { modelInUse, openChoice, patience, predictionsOn, skipped, visit } from '../testing/visitor.js'

const screens: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a desktop, light', { colorScheme: 'light' }],
  ['on a desktop, dark', { colorScheme: 'dark' }],
  [
    'on a phone, light',
    { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  ],
  ['on a phone, dark', { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
]

describe.skipIf(withoutChromium)(`Accessibility${skipped}`, { timeout: 2 * patience }, () => {
  let browser: Browser
  let site: ServedSite
  let axe: string
  beforeAll(async () => {
    browser = await launch()
    site = await serveSite()
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
  }, patience)

  /** What axe finds fault with, and that nothing scrolls sideways. */
  async function audit(page: Page): Promise<void> {
    // Colours are looked at where they come to rest.
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState === 'finished'))
    const violations = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run()
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    })
    expect(violations).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }

  test.each(screens)('axe finds nothing on any page: %s', async (_, screen) => {
    const { page, said, close } = await visit(browser, site.url, { ...screen, bypassCSP: true })
    await page.addScriptTag({ content: axe })
    await modelInUse(page, 'cifar_resnet20')
    await audit(page)
    await page.locator('.example').first().click()
    await predictionsOn(page)
    await page.locator('.bar').first().click()
    await page.locator('.photograph-overlay').waitFor()
    await audit(page)
    for (const kind of ['Embedded', 'From the hub', 'Your own'] as const) {
      await openChoice(page, kind)
      if (kind === 'From the hub') await page.locator('.checkpoint').first().waitFor()
      await audit(page)
      await page.keyboard.press('Escape')
    }
    const visits: readonly (readonly [hash: string, ready: string])[] = [
      ['#/network?model=resnet50&block=layer2.0', '.details-figure'],
      ['#/network?model=resnet34&with=resnet152&block=layer1.1&other=layer1.1', '.details-figure >> nth=1'],
      ['#/inside', '.way[aria-busy="false"]'],
      ['#/speed', '.race'],
      ['#/code', '.listing'],
    ]
    for (const [hash, ready] of visits) {
      await page.evaluate((next) => {
        location.hash = next
      }, hash)
      await page.locator(ready).first().waitFor()
      await audit(page)
    }
    expect(said).toEqual([])
    await close()
  })

  test('the keyboard reaches the content past the header, and every part of a page', async () => {
    const { page, close } = await visit(browser, site.url)
    await modelInUse(page, 'cifar_resnet20')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
    const reached: (string | null | undefined)[] = []
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab')
      reached.push(
        await page.evaluate(() => {
          const element = document.activeElement
          return element?.querySelector('img')?.alt ?? element?.closest('label, button')?.textContent?.trim()
        }),
      )
    }
    expect(reached).toEqual([
      'Choose a photo',
      'Camera',
      'Example: A cat',
      'Example: A cup of coffee',
      'Example: A rocket',
    ])
    await close()
  })
})
