import { launch, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compressedBytes, readBuilt, serveSite } from '../testing/site.js'
import { modelInUse, patience, predictionsOn, skipped, visit } from '../testing/visitor.js'

/** What a first visit may take of code, in bytes. */
const mostCode = 180_000

describe.skipIf(withoutChromium)(`The site${skipped}`, { timeout: patience }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, patience)
  afterAll(() => browser?.close(), patience)

  const kept = (page: Page) => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)

  test.each([
    ['with the headers', '/', true],
    ['with the headers, from a sub-path', '/some/where/', true],
    ['without the headers, from a sub-path', '/some/where/', false],
  ])('works without a network after the first visit: %s', async (_, path, headers) => {
    const site = await serveSite({ path, headers })
    const { page, context, said, close } = await visit(browser, site.url)
    await modelInUse(page, 'cifar_resnet20')
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(headers)
    expect(await kept(page)).toMatch(/activ/)
    await context.setOffline(true)
    site.close()
    await page.reload()
    await modelInUse(page, 'cifar_resnet20')
    // What the site keeps has the headers that give shared memory, whatever its server sent.
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await page.locator('.example').nth(2).click()
    expect((await predictionsOn(page))[0]?.[0]).toBe('ship')
    for (const [name, heading] of [
      ['network', 'How is the network built?'],
      ['inside', 'What happens to the photo inside?'],
      ['speed', 'How fast is it here?'],
      ['code', 'The same in your own code'],
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, `#/${name}`)
      await page.getByRole('heading', { level: 1, name: new RegExp(heading!.replace('?', '\\?')) }).waitFor()
    }
    await page.locator('.listing').first().waitFor()
    expect(said).toEqual([])
    await close()
  })

  test('a newer version of the site is offered, and taken when it is asked for', async () => {
    const site = await serveSite()
    const { page, said, close } = await visit(browser, site.url)
    await page.getByText('it works without a network').waitFor()
    const script = (await readBuilt('serviceWorker.js')).toString()
    const other = script.replace(/"version":"[0-9a-f]+"/, '"version":"0123456789abcdef"')
    expect(other).not.toBe(script)
    site.replace('serviceWorker.js', other)
    await page.reload()
    const versions = () => page.evaluate(() => caches.keys())
    await page.getByRole('button', { name: 'Use it' }).click()
    await expect.poll(versions, { timeout: patience }).toEqual(['resnet-ts-app-0123456789abcdef'])
    await modelInUse(page, 'cifar_resnet20')
    expect(await page.getByRole('button', { name: 'Use it' }).count()).toBe(0)
    expect(said).toEqual([])
    await close()
    site.close()
  })

  test('a browser can install it', async () => {
    const site = await serveSite()
    const { page, context, close } = await visit(browser, site.url)
    await modelInUse(page, 'cifar_resnet20')
    await kept(page)
    const session = await context.newCDPSession(page)
    const { errors } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    // Profiles of tests are private ones, in which nothing is installed.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])
    site.close()
    await close()
  })

  test(`takes at most ${mostCode / 1000} kB of code at the first visit, weights aside`, async () => {
    const site = await serveSite()
    const { page, close } = await visit(browser, site.url, { serviceWorkers: 'block' })
    await page.locator('.example').first().click()
    await predictionsOn(page)
    const isCode = (name: string) => /\.(html|js|css|wasm|webmanifest|svg)$/.test(name) && !/weights-/.test(name)
    const asked = new Set(site.asked.filter(isCode))
    const bytes = await compressedBytes(asked)
    console.log(`first visit: ${asked.size} files of code, ${(bytes / 1000).toFixed(1)} kB compressed`)
    expect(bytes).toBeLessThanOrEqual(mostCode)
    expect([...site.asked].some((name) => /weights-/.test(name))).toBe(true)
    site.close()
    await close()
  })
})
