import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import type { Report } from './page/main.js'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser to test in; undefined when there is one. */
export const withoutChromium = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}; set CHROMIUM to its path`

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

/** What a server sends so that its pages are cross-origin isolated. */
export const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Serves the files of a folder, with these headers. */
export async function serve(folder: string, headers: Readonly<Record<string, string>>) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = join(folder, pathname === '/' ? 'index.html' : pathname)
    const body = await readFile(path).catch(() => undefined)
    const type = types[extname(path)] ?? 'application/octet-stream'
    response.writeHead(body ? 200 : 404, { 'content-type': type, ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

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
