/**
 * `pnpm --filter web screenshots`: pictures of every page of the built site, on a desktop and on a phone, light and dark, into
 * docs/screenshots. They show what the embedded network says of a photo of examples/, and what this machine takes for it.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isolation, launch, serveFolder } from '@resnet-ts/testing/chromium'

/** @typedef {import('playwright-core').Page} Page */

const folder = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const target = folder('../../../../docs/screenshots')

/** How hard the pictures are pressed, of 100. */
const quality = 72

/** @type {Readonly<Record<string, import('playwright-core').BrowserContextOptions>>} */
const screens = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5, hasTouch: true, isMobile: true },
}

/**
 * What is done to see each page, in turn. What one returns is what the picture begins with, where that is not the page's head.
 *
 * @type {Readonly<Record<string, (page: Page, isPhone: boolean) => Promise<import('playwright-core').Locator | void>>>}
 */
const scenes = {
  async classify(page) {
    await page.locator('.chip[data-busy="false"] strong', { hasText: 'cifar_resnet20' }).waitFor()
    await page.locator('.example').first().click()
    await page.locator('.bar').first().click()
    await page.locator('.photograph-overlay').waitFor()
  },
  async model(page) {
    await page.locator('.chip').click()
    await page.locator('.dialog .segments label', { hasText: 'From the hub' }).click()
    await page.locator('.checkpoint').first().waitFor()
  },
  async network(page, isPhone) {
    await page.keyboard.press('Escape')
    await goTo(page, '#/network?model=resnet50&block=layer1.0')
    await page.locator('.details-figure').waitFor()
    return isPhone ? page.locator('.frame').nth(1) : undefined
  },
  async compare(page, isPhone) {
    await goTo(page, '#/network?model=resnet34&with=resnet50&block=layer1.1&other=layer1.1')
    await page.locator('.details-figure').nth(1).waitFor()
    return page.locator('.drawn').nth(isPhone ? 1 : 0)
  },
  async inside(page) {
    await goTo(page, '#/inside?block=layer1.2')
    await page.locator('.block[aria-busy="false"] .channel canvas').first().waitFor()
    await page.locator('.way[aria-busy="false"]').waitFor()
  },
  async speed(page) {
    await goTo(page, '#/speed')
    await page.locator('.speed-bar select').selectOption('resnet18')
    await page.getByRole('button', { name: 'Measure' }).click()
    await page.locator('.stages').waitFor()
  },
  async code(page) {
    await goTo(page, '#/code')
    await page.locator('.listing').first().waitFor()
  },
}

/** @param {Page} page @param {string} hash */
async function goTo(page, hash) {
  await page.evaluate((next) => {
    location.hash = next
  }, hash)
}

/**
 * @param {Page} page
 * @param {string} name
 * @param {import('playwright-core').Locator} [first]
 */
async function take(page, name, first) {
  const height = (await first?.evaluate((element) => element.getBoundingClientRect().top + scrollY)) ?? 0
  await page.evaluate((top) => {
    // The header lies over what is scrolled.
    scrollTo(0, top - 76)
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  }, height)
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState === 'finished'))
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality })
  await session.detach()
  const picture = Buffer.from(data, 'base64')
  await writeFile(join(target, name), picture)
  console.log(`${name}  ${(picture.length / 1000).toFixed(0)} kB`)
  return picture.length
}

await mkdir(target, { recursive: true })
const site = await serveFolder(folder('../../dist'), isolation)
const browser = await launch()
let total = 0
for (const [screen, options] of Object.entries(screens)) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const context = await browser.newContext({ ...options, colorScheme, reducedMotion: 'reduce', bypassCSP: true })
    context.setDefaultTimeout(120_000)
    const page = await context.newPage()
    await page.goto(site.url)
    // A picture has no bar to scroll with, and needs no room for one.
    await page.addStyleTag({ content: 'html { scrollbar-gutter: auto }' })
    for (const [scene, show] of Object.entries(scenes)) {
      const first = await show(page, screen === 'phone')
      total += await take(page, `${scene}-${screen}-${colorScheme}.webp`, first ?? undefined)
    }
    await context.close()
  }
}
await browser.close()
site.close()
console.log(`${(total / 1000).toFixed(0)} kB in all`)
