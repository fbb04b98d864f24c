import type { Browser } from 'playwright-core'
import type { Report } from './page/main.js'

/** Opens a page, and waits for what it reports; and all that it says on the console, and the .wasm files it loads. */
export async function visit(browser: Browser, url: string) {
  const page = await browser.newPage()
  const said: string[] = []
  const loaded: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'debug') said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('.wasm')) loaded.push(request.url())
  })
  await page.goto(url)
  await page.waitForFunction(() => 'report' in globalThis)
  const report = await page.evaluate(() => (globalThis as unknown as { report: Promise<Report> }).report)
  await page.close()
  return { report, said, loaded }
}
