import { commitOf, type HubServer, serveHub } from '@resnet-ts/testing/hub'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Progress } from '../sources/fetch.js'
import { fetchHubModel, type HubOptions } from './index.js'

/** As much of the Cache API as is used. */
class Caches {
  readonly kept = new Map<string, Response>()
  readonly open = async () => ({
    match: async (key: string) => this.kept.get(key)?.clone(),
    put: async (key: string, response: Response) => void this.kept.set(key, response),
  })
}

const commit = commitOf('a')
const weights = Buffer.alloc(3000, 'resnet')
let hub: HubServer
let caches: Caches
beforeAll(async () => {
  hub = await serveHub({})
})
afterAll(() => hub.close())
beforeEach(() => {
  hub.repositories['timm/tiny'] = { commit, files: { 'model.safetensors': weights, 'config.json': Buffer.from('{}') } }
  hub.faults.length = 0
  hub.seen.length = 0
  caches = new Caches()
  vi.stubGlobal('caches', caches)
})
afterEach(() => vi.unstubAllGlobals())

/** Node's file system out of sight, but for what the tests' own server needs. */
async function inPage<T>(work: () => Promise<T>): Promise<T> {
  const original = process.getBuiltinModule
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined, configurable: true })
  try {
    return await work()
  } finally {
    Object.defineProperty(process, 'getBuiltinModule', { value: original, configurable: true })
  }
}
const options = (changes: HubOptions = {}) => ({ endpoint: hub.endpoint, retryDelay: 1, timeout: 5000, ...changes })
const fetchModel = (changes?: HubOptions) => inPage(() => fetchHubModel('timm/tiny', options(changes)))
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('in a page', () => {
  test('a model is fetched once, with progress, and kept by the Cache API', async () => {
    const progress: Progress[] = []
    const model = await fetchModel({ onProgress: (event) => progress.push(event) })
    expect(model).toMatchObject({ commit, config: {}, preprocessor: undefined })
    expect(Buffer.from(await model.weights[0]!.bytes())).toEqual(weights)
    expect(model.weights[0]!.location).toBeUndefined()
    expect(progress.find(({ file }) => file === 'model.safetensors')).toMatchObject({ total: 3000 })
    hub.seen.length = 0
    await fetchModel()
    expect(hub.seen.map(({ url }) => url)).toEqual(['/api/models/timm/tiny/revision/main?blobs=true'])
    for (const offline of [
      { offline: true },
      { endpoint: hub.endpoint, fetch: () => Promise.reject(new TypeError()) },
    ]) {
      expect(Buffer.from(await (await fetchModel(offline)).weights[0]!.bytes())).toEqual(weights)
    }
  })

  test('without the Cache API, or with a full one, it is fetched all the same', async () => {
    vi.stubGlobal('caches', undefined)
    expect((await fetchModel()).weights[0]!.size).toBe(3000)
    const full = {
      put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
      match: async () => undefined,
    }
    vi.stubGlobal('caches', { open: async () => full })
    expect((await fetchModel()).weights[0]!.size).toBe(3000)
  })

  test('a connection that is cut is gone on from, and other bytes are not kept', async () => {
    hub.faults.push({ on: 'host', cut: 1000 }, { on: 'host', cut: 500 }, { on: 'host', garbled: true })
    const model = await fetchModel()
    expect(Buffer.from(await model.weights[0]!.bytes())).toEqual(weights)
    const ranges = hub.seen.filter(({ on }) => on === 'host').map(({ headers }) => headers.range)
    expect(ranges).toEqual([undefined, 'bytes=1000-', 'bytes=1500-', undefined])
    caches.kept.clear()
    hub.faults.push({ on: 'host', garbled: true, times: 99 })
    expect(await failure(fetchModel())).toMatchObject({ name: 'HubError', kind: 'corrupt' })
    expect([...caches.kept.keys()].filter((key) => key.includes('safetensors'))).toEqual([])
  })

  test('a body of another length than was listed is not kept', async () => {
    hub.faults.push({ on: 'host', status: 200, times: 99 })
    expect(await failure(fetchModel({ attempts: 2 }))).toMatchObject({ name: 'HubError', kind: 'connection' })
    expect([...caches.kept.keys()].filter((key) => key.includes('safetensors'))).toEqual([])
  })

  test('what is not there is told, and so is what is not kept', async () => {
    hub.repositories['timm/tiny']!.files = { 'README.md': weights }
    expect(await failure(fetchModel())).toMatchObject({
      kind: 'missing',
      message: expect.stringContaining('README.md'),
    })
    caches.kept.clear()
    expect(await failure(fetchModel({ offline: true }))).toMatchObject({ name: 'HubError', kind: 'offline' })
  })

  test('it ends with the reason of its signal', async () => {
    hub.faults.push({ on: 'host', silent: 100 })
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 100)
    expect(await failure(fetchModel({ signal: controller.signal }))).toBe(reason)
  })
})
