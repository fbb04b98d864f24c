import { withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'

/** What is added to the name of a suite that has no browser. */
export const skipped = withoutChromium ? ` (skipped: ${withoutChromium})` : ''

/** How many milliseconds a step may take, on a machine that has other things to do. */
export const patience = 120_000

/** A page, and whatever it had to complain of. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Messages of the console, errors, and requests that failed; a page that is well has none. */
  readonly said: string[]
  close(): Promise<void>
}

/** Opens an address in a profile of its own. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => said.push(`error: ${error.message}`))
  page.on('crash', () => said.push('the page has crashed'))
  await page.goto(url)
  return { page, context, said, close: () => context.close() }
}

/** The predictions on screen: label and text of the probability, likeliest first. */
export async function predictionsOn(page: Page): Promise<readonly (readonly [label: string, probability: string])[]> {
  await page.locator('.answer .bar').first().waitFor()
  return page.locator('.bar').evaluateAll((bars) =>
    bars.map((bar) => {
      const textOf = (part: string) => bar.querySelector(part)?.textContent ?? ''
      return [textOf('.bar-label'), textOf('.bar-number')] as const
    }),
  )
}

/** The pixels of a canvas, red, green, blue and alpha in turn. */
export function pixelsOf(canvas: Locator): Promise<readonly number[]> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const copy = new OffscreenCanvas(element.width, element.height)
    const context = copy.getContext('2d', { willReadFrequently: true })!
    context.drawImage(element, 0, 0)
    return [...context.getImageData(0, 0, copy.width, copy.height).data]
  })
}

/** Waits until the model is in use that has this name. */
export async function modelInUse(page: Page, name: string): Promise<void> {
  await page.locator('.chip[data-busy="false"] strong', { hasText: name }).waitFor()
}

/** Opens the choice of models, and one of its kinds. */
export async function openChoice(page: Page, kind: 'Embedded' | 'From the hub' | 'Your own'): Promise<void> {
  await page.locator('.chip').click()
  await page.locator('.dialog .segments label', { hasText: kind }).click()
}
