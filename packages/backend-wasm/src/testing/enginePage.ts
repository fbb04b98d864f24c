import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionDescription, Tensor } from '@resnet-ts/graph'
import { strictPolicy } from '@resnet-ts/testing/chromium'
import { expectClose } from '@resnet-ts/testing/close'
import type { Browser, Page, Worker } from 'playwright-core'
import { expect } from 'vitest'
import type { WasmOptions } from '../options.js'
import type { wasm } from '../wasm.js'
import { outputsOnCpu } from './cpu.js'
import { image, network, params } from './page/network.js'

declare global {
  /** What the pages of `enginePage` have, and the workers that they start of their own. */
  var engine: Pick<typeof import('@resnet-ts/graph'), 'BackendError' | 'parameter' | 'tensor'> & {
    readonly wasm: typeof wasm
  }
  var ownWorker: () => globalThis.Worker
}

/** What is sent with pages. */
export const policy = { 'content-security-policy': strictPolicy }

/** A page that has the engine. */
export interface EnginePage {
  readonly page: Page
  /** What stood on the console. */
  readonly said: readonly string[]
  /** The paths of the files that were loaded, without the slash before them. */
  readonly loaded: readonly string[]
}

export async function openEngine(browser: Browser, url: string): Promise<EnginePage> {
  const page = await browser.newPage()
  const said: string[] = []
  const loaded: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname.slice(1)))
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  await page.goto(url)
  await page.waitForFunction(() => 'engine' in globalThis)
  return { page, said, loaded }
}

/** The names of the package's binaries that are in these files. */
export function binariesIn(folder: string, paths: readonly string[]): string[] {
  const contents = paths.filter((path) => path.endsWith('.js')).map((path) => readFileSync(join(folder, path), 'utf8'))
  return ['simd', 'relaxed', 'simdShared', 'relaxedShared'].filter((name) => {
    const binary = readFileSync(new URL(`../../dist/${name}.wasm`, import.meta.url))
    return contents.some((content) => content.includes(binary.toString('base64')))
  })
}

/** Options that can be handed to a page. */
export type EngineOptions = Pick<WasmOptions, 'threads' | 'worker' | 'profile'> & { readonly workerUrl?: string }

export function expectNoWorkers(page: Page): Promise<void> {
  return expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(0)
}

/** A worker that the page starts of its own. */
export async function startOwnWorker(page: Page): Promise<Worker> {
  const starting = page.waitForEvent('worker')
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const worker = globalThis.ownWorker()
        worker.onmessage = () => resolve()
        worker.onerror = ({ message }) => reject(new Error(message))
      }),
  )
  return starting
}

/** What a page computed. */
export interface Computed {
  readonly description: SessionDescription
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

const numbers = (tensor: Tensor) => ({ shape: tensor.shape, data: [...tensor.data] })

/** Computes the small network of `page/network.ts` in a page, or in a worker of its own; its outputs are those of `cpu.ts`. */
export function computeIn(scope: Pick<Page, 'evaluate'>, options: EngineOptions = {}): Promise<Computed> {
  const weights = [...params()].map(([key, { shape, read }]) => [key, { shape, data: [...read()] }] as const)
  return scope.evaluate(
    async ({ graph, weights, image, options }) => {
      const { wasm, parameter, tensor } = globalThis.engine
      const params = new Map(
        weights.map(([key, { shape, data }]) => [key, parameter(shape, Float32Array.from(data))] as const),
      )
      const session = await wasm(options).compile(graph, params)
      const outputs = await session.run({ image: tensor(image.shape, Float32Array.from(image.data)) })
      const description = session.describe()
      await session.dispose()
      return {
        description,
        outputs: Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]])),
      }
    },
    { graph: network(), weights, image: numbers(image()), options },
  )
}

let expecting: ReturnType<typeof outputsOnCpu> | undefined

/** Compares with what tfjs makes of the small network in plain JavaScript. */
export async function expectRight(outputs: Computed['outputs']): Promise<void> {
  expecting ??= outputsOnCpu()
  const expected = await expecting
  expect(Object.keys(outputs)).toEqual(Object.keys(expected))
  for (const [name, { data }] of Object.entries(expected)) expectClose(outputs[name] ?? [], data)
}
