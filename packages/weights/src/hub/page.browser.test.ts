import { launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import { commitOf, type HubServer, serveHub } from '@resnet-ts/testing/hub'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bundle, bundlePage } from '../testing/bundle.js'
import { sha256 } from '../testing/hub.js'
import type { HubError, HubOptions } from './index.js'

declare global {
  var weights: typeof import('../index.js')
}

const commit = commitOf('a')
const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index * 7))
const digest = sha256(content)
const config = { architecture: 'resnet50' }

/** What a page made of it. */
interface Outcome {
  readonly commit?: string
  readonly config?: unknown
  /** Of the weights: their SHA-256. */
  readonly digest?: string
  /** How much had come, at each event of the weights. */
  readonly loaded?: readonly number[]
  readonly error?: { readonly name: string; readonly kind: string; readonly message: string }
}

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let bundle: Bundle
  let site: Site
  let hub: HubServer
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    hub = await serveHub({})
    bundle = await bundlePage()
    site = await serveFolder(bundle.folder)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await bundle?.remove()
    await hub.close()
  })
  beforeEach(async () => {
    const files = { 'model.safetensors': content, 'config.json': Buffer.from(JSON.stringify(config)) }
    hub.repositories['timm/tiny'] = { commit, files }
    hub.faults.length = 0
    hub.seen.length = 0
    context = await browser.newContext()
    page = await open(site.url)
  })
  afterEach(() => context.close())

  async function open(url: string): Promise<Page> {
    const opened = await context.newPage()
    await opened.goto(url)
    await opened.waitForFunction(() => 'weights' in globalThis)
    return opened
  }

  function fetchModel(changes: HubOptions = {}, on = page): Promise<Outcome> {
    const options = { endpoint: hub.endpoint, retryDelay: 1, timeout: 5000, ...changes }
    return on.evaluate(async (given) => {
      const loaded: number[] = []
      try {
        const model = await globalThis.weights.fetchHubModel('timm/tiny', {
          ...given,
          onProgress: (progress) => {
            if (progress.file === 'model.safetensors') loaded.push(progress.loaded)
          },
        })
        const bytes = new Uint8Array(await model.weights[0]!.bytes())
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
        const hexadecimal = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
        return { commit: model.commit, config: model.config, digest: hexadecimal, loaded }
      } catch (error) {
        const { name, kind, message } = error as HubError
        return { error: { name, kind, message } }
      }
    }, options)
  }

  const kept = () =>
    page.evaluate(async () => {
      const requests = await (await caches.open('resnet-ts-hub')).keys()
      return requests.map(({ url }) => new URL(url).pathname)
    })
  const asked = () => hub.seen.map(({ on, url }) => `${on} ${url.replace(/\?.*/, '')}`)

  test('a model is fetched once, with progress, and then told to be the newest by the hub alone', async () => {
    const first = await fetchModel()
    expect(first).toMatchObject({ commit, config })
    expect(first.digest).toBe(digest)
    expect(first.loaded!.at(-1)).toBe(content.length)
    expect(first.loaded).toEqual(first.loaded!.toSorted((left, right) => left - right))
    expect((await kept()).sort()).toEqual([
      '/api/models/timm/tiny/revision/main',
      `/timm/tiny/resolve/${commit}/config.json`,
      `/timm/tiny/resolve/${commit}/model.safetensors`,
    ])
    hub.seen.length = 0
    page = await open(site.url)
    expect(await fetchModel()).toMatchObject({ digest })
    expect(asked()).toEqual(['hub /api/models/timm/tiny/revision/main'])
  })

  test('it is there without a network, after the first time', async () => {
    expect((await fetchModel({ offline: true })).error).toMatchObject({ name: 'HubError', kind: 'offline' })
    await fetchModel()
    page = await open(site.url)
    hub.seen.length = 0
    expect(await fetchModel({ offline: true })).toMatchObject({ commit, config, digest })
    await context.setOffline(true)
    expect(await fetchModel()).toMatchObject({ commit, config, digest })
    expect(asked()).toEqual([])
  })

  test('a connection that is cut is gone on from', async () => {
    hub.faults.push({ on: 'host', cut: 100_000 }, { on: 'host', cut: 50_000 })
    expect(await fetchModel()).toMatchObject({ digest })
    const ranges = hub.seen.filter(({ on }) => on === 'host').map(({ headers }) => headers.range)
    expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=150000-'])
  })

  test('other bytes are noticed, and not kept', async () => {
    hub.faults.push({ on: 'host', garbled: true, times: 99 })
    expect((await fetchModel({ attempts: 2 })).error).toMatchObject({ name: 'HubError', kind: 'corrupt' })
    expect(await kept()).toEqual(['/api/models/timm/tiny/revision/main'])
  })

  test.each([429, 503])('status %d is tried again', async (status) => {
    hub.faults.push({ on: 'hub', status, times: 2 }, { on: 'host', status, times: 2 })
    expect(await fetchModel()).toMatchObject({ digest })
  })

  test('a token opens what is private, and goes to the hub alone', async () => {
    hub.repositories['timm/tiny']!.token = 'secret-token'
    expect((await fetchModel()).error).toMatchObject({ kind: 'permission' })
    hub.seen.length = 0
    expect(await fetchModel({ token: 'secret-token' })).toMatchObject({ digest })
    expect(JSON.stringify(hub.seen.filter(({ on }) => on === 'host'))).not.toContain('secret-token')
  })

  test('a cache without room is done without', async () => {
    const session = await context.newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 1000 })
    expect(await fetchModel()).toMatchObject({ digest })
    expect(await kept()).not.toContain(`/timm/tiny/resolve/${commit}/model.safetensors`)
  })

  test('a file of torchvision is fetched once, and other bytes are not taken for it', async () => {
    const name = `resnet50-${digest.slice(0, 8)}.pth`
    hub.published[name] = content
    const fetchFile = (file: string) =>
      page.evaluate(async (url) => {
        const options = { retryDelay: 1, attempts: 2 }
        const fetching = globalThis.weights.fetchTorchFile(url, options)
        return fetching.then(
          ({ path, size }) => ({ path, size }),
          ({ kind }: HubError) => ({ kind }),
        )
      }, hub.models + file)
    for (let time = 0; time < 2; time++) expect(await fetchFile(name)).toEqual({ path: name, size: content.length })
    expect(asked()).toEqual([`host /models/${name}`])
    hub.published['other-12345678.pth'] = content
    expect(await fetchFile('other-12345678.pth')).toEqual({ kind: 'corrupt' })
    expect(await kept()).toEqual([`/models/${name}`])
  })

  test('it ends with the reason of its signal', async () => {
    hub.faults.push({ on: 'host', silent: 100_000 })
    const reason = await page.evaluate(async (endpoint) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(new Error('enough')), 200)
      const { signal } = controller
      return globalThis.weights.fetchHubModel('timm/tiny', { endpoint, signal }).catch((error: Error) => error.message)
    }, hub.endpoint)
    expect(reason).toBe('enough')
  })
})
