import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, softwareWebgpu } from '@resnet-ts/testing/chromium'
import { buildPage } from '../runtimes/chromium/build.js'
import { chromiumExecutable } from '../runtimes/chromium/executable.js'
import { servePage } from '../runtimes/chromium/server.js'
import type { CountJob, NetworkCounts } from './job.js'

/**
 * Runs each network in a page of Chromium on an adapter in software, and counts what it asks of the GPU.
 *
 * @throws {OptionError} when there is no Chromium
 */
export async function countInChromium(
  jobs: readonly CountJob[],
  signal: AbortSignal,
  report: (text: string) => void,
): Promise<NetworkCounts[]> {
  chromiumExecutable()
  const folder = await mkdtemp(join(tmpdir(), 'resnet-bench-'))
  await buildPage('dist/webgpu/page.js', folder)
  const server = await servePage(folder)
  const browser = await launch(softwareWebgpu)
  const stop = () => void browser.close()
  signal.addEventListener('abort', stop)
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    await page.waitForFunction(() => 'count' in globalThis)
    const counts: NetworkCounts[] = []
    for (const [index, job] of jobs.entries()) {
      report(`[${index + 1}/${jobs.length}] ${job.model}, batch ${job.batch}, ${job.size}×${job.size}`)
      const each = page.evaluate(
        (given) => (globalThis as unknown as { count(job: CountJob): Promise<NetworkCounts> }).count(given),
        job,
      )
      counts.push(await each)
    }
    return counts
  } finally {
    signal.removeEventListener('abort', stop)
    await browser.close()
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
}
