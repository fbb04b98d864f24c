import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitOf, type HubServer, serveHub } from '@resnet-ts/testing/hub'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { writeSafetensors } from '../formats/writeSafetensors.js'
import { fetchHubModel, HubError, type HubOptions } from '../hub/index.js'

export const commit = commitOf('a')

/** A safetensors file of one tensor. */
export function values(name: string, ...numbers: readonly number[]): Buffer {
  const tensor = { shape: [numbers.length], read: () => Float32Array.from(numbers) }
  return Buffer.from(writeSafetensors(new Map([[name, tensor]])))
}

export const weights = values('a', ...Array(500).keys())
export const config = Buffer.from('{"architecture":"resnet50"}')
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Awaits an error of the hub, of one line and without a secret. */
export async function failure(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(HubError)
  expect((error as Error).message).not.toMatch(/secret|\n/)
  return error as HubError
}

/** A hub that has `timm/tiny`, and a cache: both anew for each test. To be called outside of tests. */
export function useHub(): TestHub {
  const testHub = new TestHub()
  beforeAll(async () => {
    for (const name of ['HF_TOKEN', 'HF_HOME', 'HF_HUB_CACHE', 'HF_HUB_OFFLINE', 'HF_ENDPOINT', 'TORCH_HOME'])
      vi.stubEnv(name, '')
    await testHub.start()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await testHub.stop()
  })
  beforeEach(() => testHub.renew())
  afterEach(() => rm(testHub.cacheDir, { recursive: true }))
  return testHub
}

class TestHub {
  #hub!: HubServer
  #cacheDir!: string

  get faults() {
    return this.#hub.faults
  }

  get seen() {
    return this.#hub.seen
  }

  get repositories() {
    return this.#hub.repositories
  }

  get published() {
    return this.#hub.published
  }

  get models(): string {
    return this.#hub.models
  }

  get endpoint(): string {
    return this.#hub.endpoint
  }

  get cacheDir(): string {
    return this.#cacheDir
  }

  async start(): Promise<void> {
    this.#hub = await serveHub({})
  }

  stop(): Promise<void> {
    return this.#hub.close()
  }

  async renew(): Promise<void> {
    this.#cacheDir = await mkdtemp(join(tmpdir(), 'resnet-ts-hub-'))
    for (const served of [this.repositories, this.published])
      for (const name of Object.keys(served)) delete served[name]
    this.repositories['timm/tiny'] = { commit, files: { 'model.safetensors': weights, 'config.json': config } }
    this.faults.length = 0
    this.seen.length = 0
  }

  options(changes: HubOptions = {}): HubOptions {
    const { endpoint, cacheDir } = this
    return { endpoint, cacheDir, torchHome: join(cacheDir, 'torch'), retryDelay: 1, timeout: 5000, ...changes }
  }

  fetchModel(changes?: HubOptions, name = 'timm/tiny') {
    return fetchHubModel(name, this.options(changes))
  }

  /** The folder of a repository in the cache. */
  folder(repo = 'timm/tiny'): string {
    return join(this.cacheDir, `models--${repo.replace('/', '--')}`)
  }

  async blobs(): Promise<string[]> {
    return (await readdir(join(this.folder(), 'blobs')).catch(() => [])).sort()
  }

  /** Whatever is under the name of a SHA-256 has it, and nothing is left half-done but what a download goes on from. */
  async expectSoundCache(): Promise<void> {
    for (const name of await this.blobs()) {
      if (/^[0-9a-f]{64}$/.test(name)) {
        expect(sha256(await readFile(join(this.folder(), 'blobs', name)))).toBe(name)
      } else expect(name).toMatch(/^[0-9a-f]{40}$|^[0-9a-f]+\.resnet-ts\.incomplete$/)
    }
    const locks = await readdir(join(this.cacheDir, '.locks'), { recursive: true }).catch(() => [])
    expect(locks.filter((name) => name.includes('resnet-ts'))).toEqual([])
  }
}
