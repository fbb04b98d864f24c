import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeSafetensors } from '../formats/writeSafetensors.js'
import { readCheckpoint } from '../readCheckpoint.js'
import { commitOf, type HubServer, serveHub } from '../testing/hubServer.js'
import { fetchHubFile, fetchHubModel, HubError, type HubErrorKind, type HubOptions, type Progress } from './index.js'

const commit = commitOf('a')
const values = (name: string, ...numbers: number[]) =>
  Buffer.from(writeSafetensors(new Map([[name, { shape: [numbers.length], read: () => Float32Array.from(numbers) }]])))
const weights = values('a', ...Array(500).keys())
const config = Buffer.from('{"architecture":"resnet50"}')

let hub: HubServer
let cacheDir: string
beforeAll(async () => {
  for (const name of ['HF_TOKEN', 'HF_HOME', 'HF_HUB_CACHE', 'HF_HUB_OFFLINE', 'HF_ENDPOINT']) vi.stubEnv(name, '')
  hub = await serveHub({})
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.close()
})
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'resnet-ts-hub-'))
  for (const name of Object.keys(hub.repositories)) delete hub.repositories[name]
  hub.repositories['timm/tiny'] = { commit, files: { 'model.safetensors': weights, 'config.json': config } }
  hub.faults.length = 0
  hub.seen.length = 0
})
afterEach(() => rm(cacheDir, { recursive: true }))

const options = (changes: HubOptions = {}): HubOptions => ({
  endpoint: hub.endpoint,
  cacheDir,
  retryDelay: 1,
  timeout: 5000,
  ...changes,
})
const fetchModel = (changes?: HubOptions, name = 'timm/tiny') => fetchHubModel(name, options(changes))

async function failure(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(HubError)
  expect((error as Error).message).not.toMatch(/secret|\n/)
  return error as HubError
}

const folder = (repo = 'timm/tiny') => join(cacheDir, `models--${repo.replace('/', '--')}`)
const blobs = async () => (await readdir(join(folder(), 'blobs')).catch(() => [])).sort()

/** Whatever is under the name of a SHA-256 has it, and nothing is left half-done but what a download goes on from. */
async function expectSoundCache(): Promise<void> {
  const { createHash } = await import('node:crypto')
  for (const name of await blobs()) {
    if (/^[0-9a-f]{64}$/.test(name)) {
      const bytes = await readFile(join(folder(), 'blobs', name))
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(name)
    } else expect(name).toMatch(/^[0-9a-f]{40}$|^[0-9a-f]+\.resnet-ts\.incomplete$/)
  }
  const locks = await readdir(join(cacheDir, '.locks'), { recursive: true }).catch(() => [])
  expect(locks.filter((name) => name.includes('resnet-ts'))).toEqual([])
}

describe('a model of the hub', () => {
  test('is fetched once, with its card, of one commit, with progress', async () => {
    const progress: Progress[] = []
    const model = await fetchModel({ onProgress: (event) => progress.push(event) })
    expect(model).toMatchObject({ repo: 'timm/tiny', revision: 'main', commit, config: { architecture: 'resnet50' } })
    expect(model.preprocessor).toBeUndefined()
    const [file] = model.weights
    expect(file).toMatchObject({ path: 'model.safetensors', size: weights.length })
    expect(await file!.bytes()).toEqual(weights)
    expect(progress[0]).toEqual({ file: 'model.safetensors', loaded: 0, total: weights.length })
    expect(progress.filter(({ file: name }) => name === 'model.safetensors').at(-1)?.loaded).toBe(weights.length)
    hub.seen.length = 0
    await fetchModel()
    expect(hub.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'HEAD /timm/tiny/resolve/main/model.safetensors',
    ])
    await expectSoundCache()
  })

  test('is read as a checkpoint', async () => {
    const checkpoint = await readCheckpoint('hf:timm/tiny@v1.0', options())
    expect([...checkpoint.tensors.get('a')!.read()]).toEqual([...Array(500).keys()])
  })

  test('lies in the cache as Python’s client would lay it', async () => {
    await fetchModel()
    expect(await readFile(join(folder(), 'refs', 'main'), 'utf8')).toBe(commit)
    const pointer = join(folder(), 'snapshots', commit, 'model.safetensors')
    const { createHash } = await import('node:crypto')
    const digest = createHash('sha256').update(weights).digest('hex')
    if ((await lstat(pointer)).isSymbolicLink()) expect(await readlink(pointer)).toBe(`../../blobs/${digest}`)
    expect(await readFile(pointer)).toEqual(weights)
    expect(existsSync(join(folder(), '.no_exist', commit, 'preprocessor_config.json'))).toBe(true)
  })

  test('is taken from a cache that Python’s client filled, without a request', async () => {
    const place = folder('microsoft/resnet-50')
    for (const part of ['refs', 'blobs', `snapshots/${commit}`]) await mkdir(join(place, part), { recursive: true })
    await writeFile(join(place, 'refs', 'main'), commit)
    await writeFile(join(place, 'blobs', 'f00d'), weights)
    await symlink('../../blobs/f00d', join(place, 'snapshots', commit, 'pytorch_model.bin'))
    const model = await fetchModel({ offline: true }, 'microsoft/resnet-50')
    expect(model.weights[0]).toMatchObject({ path: 'pytorch_model.bin', commit })
    expect(await model.weights[0]!.bytes()).toEqual(weights)
    await fetchHubFile(`microsoft/resnet-50@${commit}`, 'pytorch_model.bin', options())
    expect(hub.seen).toEqual([])
  })

  test('in shards is one checkpoint', async () => {
    const shards = { 'model-00001.safetensors': values('a', 1, 2), 'sub/model-00002.safetensors': values('b', 3) }
    const index = { weight_map: { a: 'model-00001.safetensors', b: 'sub/model-00002.safetensors' } }
    hub.repositories['timm/tiny']!.files = {
      ...shards,
      'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
    }
    const checkpoint = await readCheckpoint(await fetchModel(), options())
    expect([...checkpoint.tensors].map(([key, tensor]) => [key, ...tensor.read()])).toEqual([
      ['a', 1, 2],
      ['b', 3],
    ])
  })

  test.each(['../../../escape', '/etc/passwd', 'a\\..\\b', 'C:x', ''])(
    'with a shard at %o is refused',
    async (path) => {
      const index = Buffer.from(JSON.stringify({ weight_map: { a: path } }))
      hub.repositories['timm/tiny']!.files = { 'model.safetensors.index.json': index }
      expect((await failure(fetchModel())).message).toContain('a path within it')
    },
  )

  test('that has changed is fetched anew, and the old commit stays', async () => {
    await fetchModel()
    const changed = values('a', 9)
    hub.repositories['timm/tiny'] = { commit: commitOf('b'), files: { 'model.safetensors': changed } }
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(changed)
    expect(await (await fetchModel({ offline: true }, `timm/tiny@${commit}`)).weights[0]!.bytes()).toEqual(weights)
  })
})

describe('offline', () => {
  test('a change that could not be brought leaves what was there', async () => {
    await fetchModel()
    const files = { 'model.safetensors': values('a', 9), 'config.json': config }
    hub.repositories['timm/tiny'] = { commit: commitOf('b'), files }
    hub.faults.push({ on: 'host', status: 503, times: 99 })
    for (const offline of [false, true]) {
      const model = await fetchModel({ offline, attempts: 2 })
      expect(model.commit).toBe(commit)
      expect(await model.weights[0]!.bytes()).toEqual(weights)
      expect(model.config).toEqual({ architecture: 'resnet50' })
    }
  })

  test('what was fetched once is there', async () => {
    await fetchModel()
    hub.seen.length = 0
    const model = await fetchModel({ offline: true })
    expect(model.config).toEqual({ architecture: 'resnet50' })
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(weights)
    vi.stubEnv('HF_HUB_OFFLINE', '')
    expect(hub.seen).toEqual([])
    // Nothing listens there.
    const unreachable = await fetchModel({ endpoint: 'http://127.0.0.1:1023' })
    expect(await unreachable.weights[0]!.bytes()).toEqual(weights)
  })

  test('what was not says so', async () => {
    const error = await failure(fetchModel({ offline: true }))
    expect(error.kind).toBe('offline')
    expect(error.message).toContain('HF_HUB_OFFLINE')
  })
})

describe('refuses', () => {
  const refusals: [string, string, HubOptions, HubErrorKind, string][] = [
    ['a repository that is not there', 'timm/none', {}, 'permission', 'HF_TOKEN'],
    ['one that is not there, with a token', 'timm/none', { token: 'secret-token' }, 'missing', 'check the name'],
    ['a gated one', 'timm/gated', {}, 'permission', 'accept its conditions'],
    ['a private one', 'timm/private', {}, 'permission', 'HF_TOKEN'],
    ['another token', 'timm/private', { token: 'secret-other' }, 'permission', 'may read it'],
    ['a revision that is not there', 'timm/tiny@v9', {}, 'missing', 'main, v1.0'],
    ['a repository without weights', 'timm/words', {}, 'missing', "'README.md'"],
  ]
  test.each(refusals)('%s', async (_name, name, changes, kind, text) => {
    const files = { 'model.safetensors': weights }
    hub.repositories['timm/gated'] = { commit, files, token: 'secret-token', gated: true }
    hub.repositories['timm/private'] = { commit, files, token: 'secret-token' }
    hub.repositories['timm/words'] = { commit, files: { 'README.md': config } }
    const error = await failure(fetchModel(changes, name))
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(text)
  })

  test.each(['resnet50', 'a/b/c', '../x/y', 'a/..', 'a/b@', 'a/b@../c', 'a/b@c d', 'hf:', ''])(
    'the name %o',
    async (name) => {
      expect((await failure(fetchModel({}, name))).kind).toBe('settings')
    },
  )

  test.each([
    { endpoint: 'no address' },
    { endpoint: 'https://user:secret@example.com' },
    { endpoint: 'ftp://example.com' },
    { token: 'secret\nX-Header: 1' },
  ])('the settings %o', async (changes) => {
    expect((await failure(fetchModel(changes))).kind).toBe('settings')
  })
})

describe('a token', () => {
  test('goes to the hub alone, not to the host of the files', async () => {
    hub.repositories['timm/tiny']!.token = 'secret-token'
    vi.stubEnv('HF_TOKEN', 'secret-token')
    await fetchModel()
    vi.stubEnv('HF_TOKEN', '')
    const host = hub.seen.filter(({ on }) => on === 'host')
    expect(host.length).toBeGreaterThan(0)
    expect(JSON.stringify(host)).not.toContain('secret-token')
    expect(hub.seen.every(({ on, headers }) => on === 'host' || headers.authorization === 'Bearer secret-token')).toBe(
      true,
    )
  })
})

describe('a fault', () => {
  test.each([429, 500, 502, 503, 504, 408])('with status %d is tried again, on both hosts', async (status) => {
    hub.faults.push({ on: 'hub', status, times: 2 }, { on: 'host', status, times: 2 })
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await expectSoundCache()
  })

  test('that lasts ends, with its status', async () => {
    hub.faults.push({ on: 'host', status: 503, times: 99 })
    expect(await failure(fetchModel({ attempts: 3 }))).toMatchObject({ kind: 'server', status: 503 })
    expect(hub.seen.filter(({ on }) => on === 'host')).toHaveLength(3)
    await expectSoundCache()
  })

  test('of too many requests waits as long as the hub asks for', async () => {
    hub.faults.push({ on: 'hub', status: 429, headers: { 'retry-after': '1' } })
    const start = performance.now()
    await fetchModel()
    expect(performance.now() - start).toBeGreaterThan(990)
    hub.faults.push({ on: 'hub', status: 429, headers: { 'retry-after': '3600' } })
    expect(await failure(fetchModel({}, 'timm/tiny@v1.0'))).toMatchObject({ kind: 'server', retryAfter: 3_600_000 })
  })

  test('of a signature that has run out gets a new one', async () => {
    hub.faults.push({ on: 'host', status: 403 })
    await fetchModel()
    await expectSoundCache()
  })

  test('of other bytes is noticed, and never kept', async () => {
    hub.faults.push({ on: 'host', garbled: true })
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await rm(cacheDir, { recursive: true })
    hub.faults.push({ on: 'host', garbled: true, times: 99 })
    expect((await failure(fetchModel())).kind).toBe('corrupt')
    hub.faults.length = 0
    await expectSoundCache()
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(weights)
  })

  test('of silence is given up', async () => {
    hub.faults.push({ on: 'host', silent: 100 })
    await fetchModel({ timeout: 200 })
    await expectSoundCache()
  })

  test('of redirections without an end is told', async () => {
    hub.faults.push({ on: 'hub', status: 302, headers: { location: '/again' }, times: 99 })
    expect((await failure(fetchModel())).message).toContain('redirections without an end')
  })

  test('of a connection cut anywhere is gone on from, and what comes is the file', async () => {
    const point = fc.integer({ min: 0, max: weights.length })
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 4 }), fc.boolean(), async (cuts, whole) => {
        hub.faults.length = 0
        hub.seen.length = 0
        hub.faults.push(...cuts.map((cut) => ({ on: 'host' as const, cut })), { on: 'host', whole })
        const model = await fetchModel()
        expect(await model.weights[0]!.bytes()).toEqual(weights)
        expect(await blobs()).toHaveLength(2)
        await expectSoundCache()
        await rm(folder(), { recursive: true })
      }),
      { numRuns: 60 },
    )
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'of the disk is typed (not as root)',
    async () => {
      await chmod(cacheDir, 0o500)
      expect((await failure(fetchModel())).kind).toBe('cache')
      await chmod(cacheDir, 0o700)
    },
  )

  test('of a cache that is no folder is typed', async () => {
    await writeFile(join(cacheDir, 'file'), '')
    expect((await failure(fetchModel({ cacheDir: join(cacheDir, 'file') }))).kind).toBe('cache')
  })
})

describe('a download that ended', () => {
  const digest = async () => (await import('node:crypto')).createHash('sha256').update(weights).digest('hex')

  test('is gone on from by the next', async () => {
    hub.faults.push({ on: 'host', cut: 700 })
    await failure(fetchModel({ attempts: 1 }))
    expect(await blobs()).toEqual([`${await digest()}.resnet-ts.incomplete`])
    hub.seen.length = 0
    await fetchModel()
    expect(hub.seen.filter(({ on }) => on === 'host').map(({ headers }) => headers.range)).toEqual(['bytes=700-'])
    await expectSoundCache()
  })

  test('asks, while it lasts, for the rest of the same file', async () => {
    hub.faults.push({ on: 'host', cut: 700 })
    await fetchModel()
    const [, second] = hub.seen.filter(({ on }) => on === 'host')
    expect(second!.headers).toMatchObject({ range: 'bytes=700-', 'if-range': expect.stringMatching(/^".*-1"$/) })
  })

  test.each([
    ['of other bytes', Buffer.alloc(700, 1)],
    ['longer than the file', Buffer.alloc(weights.length + 1)],
    ['of as many other bytes', Buffer.alloc(weights.length)],
  ])('and left something %s is begun anew', async (_name, left) => {
    await mkdir(join(folder(), 'blobs'), { recursive: true })
    await writeFile(join(folder(), 'blobs', `${await digest()}.resnet-ts.incomplete`), left)
    expect(await (await fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await expectSoundCache()
  })

  test('by its signal, at any moment, leaves nothing that is half-done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), async (after) => {
        const controller = new AbortController()
        const reason = new Error('enough')
        const fetching = fetchModel({ signal: controller.signal })
        setTimeout(() => controller.abort(reason), after)
        const outcome = await fetching.catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBe(reason)
        await expectSoundCache()
        await rm(folder(), { recursive: true, force: true })
      }),
      { numRuns: 25 },
    )
    hub.faults.push({ on: 'host', silent: 100 })
    await expect(fetchModel({ signal: AbortSignal.timeout(150) })).rejects.toThrow(/timeout/)
    await expect(fetchModel({ signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never')
  })
})

describe('two at once', () => {
  test('in one process both succeed, and download once', async () => {
    hub.faults.push({ on: 'host', cut: 600 })
    const models = await Promise.all([fetchModel(), fetchModel(), fetchModel()])
    for (const model of models) expect(await model.weights[0]!.bytes()).toEqual(weights)
    expect(hub.seen.filter(({ on }) => on === 'host')).toHaveLength(2)
    await expectSoundCache()
  })

  test('a lock of a process that is gone is taken over', async () => {
    const { hostname } = await import('node:os')
    const { createHash } = await import('node:crypto')
    const locks = join(cacheDir, '.locks', 'models--timm--tiny')
    await mkdir(locks, { recursive: true })
    const lock = join(locks, `${createHash('sha256').update(weights).digest('hex')}.resnet-ts`)
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.on('exit', resolve))
    await writeFile(lock, JSON.stringify({ host: hostname(), pid: child.pid, token: 'a' }))
    await fetchModel()
    await expectSoundCache()
  })

  const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  test.skipIf(!existsSync(built))(
    'two processes both succeed, also when a third is killed (needs the build)',
    async () => {
      const large = Buffer.alloc(8_000_000, 'resnet')
      hub.repositories['timm/tiny']!.files['model.safetensors'] = large
      const script = `
      const { fetchHubModel } = await import(process.argv[1])
      const model = await fetchHubModel('timm/tiny', { retryDelay: 1 })
      console.log((await model.weights[0].bytes()).length)`
      const env = {
        ...process.env,
        HF_ENDPOINT: hub.endpoint,
        HF_HUB_CACHE: cacheDir,
        HF_TOKEN: '',
        HF_HUB_OFFLINE: '',
      }
      const start = () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script, built], { env })
        let output = ''
        child.stdout.on('data', (text) => {
          output += text
        })
        child.stderr.on('data', (text) => {
          output += text
        })
        return { child, ended: new Promise<string>((resolve) => child.on('close', () => resolve(output.trim()))) }
      }
      hub.faults.push({ on: 'host', silent: 3_000_000 })
      const killed = start()
      await vi.waitUntil(() => hub.seen.some(({ on }) => on === 'host'), { timeout: 20_000 })
      killed.child.kill('SIGKILL')
      await killed.ended
      const outputs = await Promise.all([start().ended, start().ended])
      expect(outputs).toEqual(['8000000', '8000000'])
      await expectSoundCache()
    },
  )
})
