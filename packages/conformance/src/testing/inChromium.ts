import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Availability,
  type Backend,
  BackendError,
  GraphError,
  OptionError,
  ParameterError,
  type Params,
  type Session,
  ShapeError,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import { contentType, launch, serve, softwareWebgpu } from '@resnet-ts/testing/chromium'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import type { Outcome, PageBackend, SentError, SentTensor } from './page/messages.js'

const errors = { BackendError, GraphError, OptionError, ParameterError, ShapeError }

/** A backend in a page of Chromium, as one of this process. */
export interface BackendInChromium {
  readonly backend: Backend
  /** What the page said on its console, errors that nobody caught included. */
  readonly said: readonly string[]
  close(): Promise<void>
}

/** Opens a page in which `webgpu()` computes on an adapter in software. */
export async function openWebgpuInChromium(): Promise<BackendInChromium> {
  const folder = await mkdtemp(join(tmpdir(), 'resnet-ts-conformance-'))
  const root = fileURLToPath(new URL('page', import.meta.url))
  await build({ root, configFile: false, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  /** Values that a page is about to fetch, by their paths. */
  const served = new Map<string, Uint8Array>()
  const site = await serve(async ({ url = '/' }, response) => {
    const path = join(folder, url === '/' ? 'index.html' : url)
    const body = served.get(url) ?? (await readFile(path).catch(() => undefined))
    response.writeHead(body ? 200 : 404, { 'content-type': contentType(path) }).end(body)
  })
  const browser = await launch(softwareWebgpu)
  const page = await browser.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', ({ message }) => said.push(message))
  await page.goto(site.url)
  await page.waitForFunction(() => 'page' in globalThis)
  return {
    backend: backendIn(page, served),
    said,
    async close() {
      await browser.close()
      site.close()
      await rm(folder, { recursive: true })
    },
  }
}

function backendIn(page: Page, served: Map<string, Uint8Array>): Backend {
  return {
    name: 'webgpu',
    fusedForms: { residual: true, activations: [] },
    isAvailable: () =>
      page.evaluate(() => (globalThis as unknown as { page: PageBackend }).page.isAvailable() as Promise<Availability>),
    async compile(graph, params) {
      const { sent, bytes } = valuesOf(params)
      const url = `/params-${served.size}`
      served.set(url, bytes)
      const outcome = await page.evaluate(
        (network) => (globalThis as unknown as { page: PageBackend }).page.compile(network),
        { graph, params: sent, url },
      )
      served.set(url, new Uint8Array())
      return sessionIn(page, resultOf(outcome))
    },
  }
}

async function sessionIn(page: Page, session: number): Promise<Session> {
  const description = await page.evaluate(
    (id) => (globalThis as unknown as { page: PageBackend }).page.describe(id),
    session,
  )
  return {
    async run(inputs, { signal } = {}) {
      signal?.throwIfAborted()
      const sent = Object.entries(inputs).map(([name, value]) => [name, encode(value)] as const)
      const outcome = await page.evaluate(
        ([id, tensors]) => (globalThis as unknown as { page: PageBackend }).page.run(id, tensors),
        [session, sent] as const,
      )
      return Object.fromEntries(resultOf(outcome).map(([name, value]) => [name, decode(value)]))
    },
    describe: () => description,
    async dispose() {
      const outcome = await page.evaluate(
        (id) => (globalThis as unknown as { page: PageBackend }).page.dispose(id),
        session,
      )
      resultOf(outcome)
    },
  }
}

/** The parameters' values one after another, each read once. */
function valuesOf(params: Params) {
  const all = [...params].map(([key, { shape, read }]) => ({ key, shape, values: read() }))
  const joined = new Float32Array(all.reduce((sum, { values }) => sum + values.length, 0))
  let start = 0
  for (const { values } of all) {
    joined.set(values, start)
    start += values.length
  }
  return {
    sent: all.map(({ key, shape, values }) => [key, shape, values.length] as const),
    bytes: new Uint8Array(joined.buffer),
  }
}

function resultOf<Value>(outcome: Outcome<Value>): Value {
  if ('error' in outcome) throw errorOf(outcome.error)
  return outcome.value
}

function errorOf({ name, message, details }: SentError): Error {
  const ErrorClass = errors[name as keyof typeof errors]
  return details && ErrorClass ? new ErrorClass(details) : new Error(`${name}: ${message}`)
}

function encode({ shape, data }: Tensor): SentTensor {
  return { shape, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') }
}

function decode({ shape, data }: SentTensor): Tensor {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'))
  return tensor(shape, new Float32Array(bytes.buffer))
}
