import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Packed, packAll } from '@resnet-ts/release/pack.mjs'
import { launch, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import type { Browser } from 'playwright-core'
import { load, type Prediction } from 'resnet-ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { environment, installProject, type ProjectManifest, projectsOf, run } from './project.mjs'

const asked = process.env.RESNET_TS_CONSUMERS?.split(',') ?? ['all']
const projects = await projectsOf()
const unknown = asked.filter(
  (name) => !['all', 'fast'].includes(name) && !projects.some((project) => project.name === name),
)
if (unknown.length > 0)
  throw new Error(`There is no ${unknown}; there are ${projects.map(({ name }) => name).join(', ')}`)

/** Longer than a test's usual limit: each is installed and built. */
const timeout = 300_000

let packed: string
let packages: Packed[]
let expected: Prediction
let browser: Browser | undefined

beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), 'resnet-ts-packed-'))
  packages = await packAll(root, packed)
  const model = await load()
  expected = (await model.classify(join(root, 'examples/chelsea.png')))[0]!
  await model.dispose()
  if (!withoutChromium) browser = await launch()
}, timeout)
afterAll(async () => {
  await browser?.close()
  await rm(packed, { recursive: true })
})

for (const { name, manifest } of projects) {
  const { page, serve, slow } = manifest.consumer ?? {}
  const chosen = asked.includes('all') || asked.includes(name) || (asked.includes('fast') && !slow)
  if (!chosen) continue
  const skipped = page || serve ? withoutChromium : undefined
  it.skipIf(skipped)(
    `${name} classifies a photograph${skipped ? ` (skipped: ${skipped})` : ''}`,
    async () => {
      const folder = await installProject(name, packages)
      try {
        const answer = await answerOf(folder, manifest)
        expect(answer).toMatchObject({ label: expected.label, index: expected.index })
        expect(answer.probability).toBeCloseTo(expected.probability, 4)
      } finally {
        await rm(folder, { recursive: true, maxRetries: 3 })
      }
    },
    timeout,
  )
}

async function answerOf(folder: string, { scripts, consumer }: ProjectManifest): Promise<Prediction> {
  if (scripts?.build) await run(folder, 'npm', 'run', 'build')
  if (consumer?.serve) return inServersPage(folder)
  if (!consumer?.page)
    return JSON.parse((await run(folder, 'npm', 'run', '--silent', 'start')).trim().split('\n').at(-1)!)
  const served = join(folder, consumer.page)
  if (scripts?.build) await copyFile(join(folder, 'photo.png'), join(served, 'photo.png'))
  const site = await serveFolder(served)
  try {
    return await inPage(site.url)
  } finally {
    site.close()
  }
}

/** What a page says that the project's own server sends; the server prints its address. */
async function inServersPage(folder: string): Promise<Prediction> {
  // A group of its own, so that what npm starts ends with it.
  const server = spawn('npm', ['run', 'start'], {
    cwd: folder,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(server, 'close')
  try {
    for await (const line of createInterface(server.stdout)) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
      if (url) return await inPage(url)
    }
    throw new Error('the server ended before it printed its address')
  } finally {
    process.kill(-server.pid!)
    await closed
  }
}

/** What a page's `output` says in the end. */
async function inPage(url: string): Promise<Prediction> {
  const page = await browser!.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  try {
    await page.goto(url)
    const output = page.locator('output:not(:empty)')
    await output.waitFor({ state: 'attached' }).catch((cause) => {
      throw new Error(`the page gave no answer; it said: ${said.join('\n') || 'nothing'}`, { cause })
    })
    expect(said).toEqual([])
    return JSON.parse((await output.textContent())!)
  } finally {
    await page.close()
  }
}
