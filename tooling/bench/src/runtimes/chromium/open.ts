import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import type { Job, Outcome } from '../../race/job.js'
import { type RaceRuntime, timeLimit } from '../runtime.js'
import { buildPage } from './build.js'
import { chromiumExecutable } from './executable.js'
import { servePage } from './server.js'

/**
 * Races in pages of Chromium, a new one for each, with all code from this machine.
 *
 * @throws {OptionError} when there is no Chromium
 */
export async function openChromium(): Promise<RaceRuntime> {
  const executablePath = chromiumExecutable()
  const folder = await mkdtemp(join(tmpdir(), 'resnet-bench-'))
  await buildPage('dist/runtimes/chromium/page.js', folder)
  const server = await servePage(folder)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })
  return {
    description: `Chromium ${browser.version()}`,
    perform: (job, signal) => performIn(browser, server.url, job, signal),
    async close() {
      await browser.close()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function performIn(browser: Browser, url: string, job: Job, signal: AbortSignal): Promise<Outcome> {
  const context = await browser.newContext()
  const ended = new AbortController()
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => 'perform' in globalThis)
    const outcome = page.evaluate(
      (given) => (globalThis as unknown as { perform(job: Job): Promise<Outcome> }).perform(given),
      job,
    )
    return await Promise.race([outcome, givenUp(ended.signal, signal)])
  } catch (error) {
    signal.throwIfAborted()
    return { state: 'failed', reason: error instanceof Error ? error.message.split('\n', 1)[0]! : String(error) }
  } finally {
    ended.abort()
    await context.close()
  }
}

/** Rejects when the time is over, or the signal aborted; never after `ended`. */
function givenUp(ended: AbortSignal, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeLimit / 60_000} minutes`)), timeLimit)
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    ended.addEventListener('abort', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    })
  })
}
