import { readFile } from 'node:fs/promises'
import { launch, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { load, type Model } from 'resnet-ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { percent } from '../../components/words.js'
import { example } from '../../testing/examples.js'
import { sidewaysJpeg } from '../../testing/photos.js'
import { type ServedSite, serveSite } from '../../testing/site.js'
import { patience, pixelsOf, predictionsOn, skipped, type Visit, visit } from '../../testing/visitor.js'

describe.skipIf(withoutChromium)(`Classify${skipped}`, { timeout: patience }, () => {
  let browser: Browser
  let site: ServedSite
  let model: Model
  let seen: Visit
  let page: Page
  beforeAll(async () => {
    browser = await launch(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'])
    site = await serveSite()
    model = await load()
  }, patience)
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await model?.dispose()
  }, patience)
  beforeEach(async () => {
    seen = await visit(browser, site.url)
    page = seen.page
  }, patience)
  afterEach(async () => {
    await seen.close()
    expect(seen.said).toEqual([])
  }, patience)

  /** What Node says of a file, as it stands on screen. */
  async function expected(file: Uint8Array) {
    const predictions = await model.classify(file)
    return predictions.map(({ label, probability }) => [label, percent(probability)])
  }

  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.locator('.sources input[type=file]').setInputFiles({ name, mimeType, buffer })

  /** Drops a file on the page, or pastes it, as a browser does. */
  async function give(event: 'drop' | 'paste', name: string, type: string): Promise<void> {
    const bytes = (await readFile(example(name))).toString('base64')
    await page.evaluate(
      async ({ event, name, type, bytes }) => {
        const binary = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
        const data = new DataTransfer()
        data.items.add(new File([binary], name, { type }))
        const init = { bubbles: true, cancelable: true }
        const given =
          event === 'drop'
            ? new DragEvent('drop', { ...init, dataTransfer: data })
            : new ClipboardEvent('paste', { ...init, clipboardData: data })
        document.body.dispatchEvent(given)
      },
      { event, name, type, bytes },
    )
  }

  test.each(['drop', 'paste'] as const)('a PNG: %s', async (event) => {
    await give(event, 'chelsea.png', 'image/png')
    expect(await predictionsOn(page)).toEqual(await expected(await readFile(example('chelsea.png'))))
    expect(await page.locator('.answer-best').textContent()).toMatch(/^cat/)
    const times = await page.locator('.times dd').allInnerTexts()
    expect(times).toHaveLength(4)
    for (const time of times) expect(time).toMatch(/^[\d.]+ m?s$/)
  })

  test('an example, and the one after it', async () => {
    for (const name of ['rocket.jpg', 'chelsea.png']) {
      await page.locator(`.example img[src*="${name.split('.')[0]}"]`).click()
      await page.locator(`canvas[aria-label^="The photo ${name}:"]`).waitFor()
    }
    expect(await predictionsOn(page)).toEqual(await expected(await readFile(example('chelsea.png'))))
  })

  test('a JPEG on its side is shown upright, and classified so', async () => {
    const jpeg = await sidewaysJpeg()
    await choose('sideways.jpg', 'image/jpeg', jpeg)
    const [found, wanted] = [await predictionsOn(page), await expected(jpeg)]
    expect(found[0]?.[0]).toBe(wanted[0]?.[0])
    // The browser's decoder of JPEG may differ from Node's by a step of a colour.
    expect(Math.abs(Number.parseFloat(found[0]![1]) - Number.parseFloat(wanted[0]![1]!))).toBeLessThan(3)
    const { width, height } = await page
      .locator('.photograph-shown canvas')
      .evaluate(({ width, height }: HTMLCanvasElement) => ({ width, height }))
    const upright = await model.classify(await readFile(example('rocket.jpg')))
    expect(height / width).toBeCloseTo(640 / 427, 2)
    expect(upright.map(({ probability }) => probability)).not.toEqual(wanted)
  })

  test('a file that is no image is told of, and the photo before it stays', async () => {
    await give('drop', 'chelsea.png', 'image/png')
    const before = await predictionsOn(page)
    await choose('notes.txt', 'text/plain', Buffer.from('not a picture at all'))
    const alert = page.getByRole('alert')
    expect(await alert.textContent()).toMatch(/expected .*found/)
    expect(await predictionsOn(page)).toEqual(before)
    await alert.getByRole('button', { name: 'Close this message' }).click()
    expect(await alert.count()).toBe(0)
    await choose('broken.png', 'image/png', (await readFile(example('chelsea.png'))).subarray(0, 40_000))
    expect(await alert.textContent()).toMatch(/expected .*found/)
  })

  test('where a class is seen, for each that is clicked, with the keyboard too', async () => {
    await give('drop', 'chelsea.png', 'image/png')
    const bars = page.locator('.bar')
    await bars.first().click()
    const overlay = page.locator('.photograph-overlay')
    await overlay.waitFor()
    expect(await overlay.getAttribute('aria-label')).toBe('Where cat is seen, coloured over the photo')
    const cat = await pixelsOf(overlay)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.photograph-overlay[aria-label="Where dog is seen, coloured over the photo"]').waitFor()
    expect(await pixelsOf(overlay)).not.toEqual(cat)
    await page.keyboard.press('Enter')
    await overlay.waitFor({ state: 'detached' })
  })

  test('the answer as JSON', async () => {
    await seen.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await give('drop', 'chelsea.png', 'image/png')
    await page.getByRole('button', { name: 'Copy as JSON' }).click()
    await page.getByText('Copied').waitFor()
    const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
    expect(report).toMatchObject({
      photo: { name: 'chelsea.png', width: 451, height: 300 },
      model: { name: 'cifar_resnet20.cifar10', architecture: 'cifar_resnet20' },
    })
    expect(Object.keys(report.milliseconds)).toEqual(['decode', 'preprocess', 'inference'])
    const wanted = await model.classify(example('chelsea.png'))
    for (const [index, { label, probability }] of wanted.entries()) {
      expect(report.predictions[index].label).toBe(label)
      expect(report.predictions[index].probability).toBeCloseTo(probability, 5)
    }
  })

  test('the camera, live, before there is a model even, and a picture of it', async () => {
    await page.getByRole('button', { name: 'Camera' }).click()
    const rate = page.locator('.times dd').last()
    await rate.waitFor()
    expect(await page.locator('.times dt').last().textContent()).toBe('Photos a second')
    await expect.poll(async () => Number(await rate.textContent())).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Take this one' }).click()
    await page.locator('canvas[aria-label^="The photo camera.png:"]').waitFor()
    expect(await page.locator('video').count()).toBe(0)
    expect(await page.locator('.times dt').last().textContent()).toBe('In all')
  })
})
