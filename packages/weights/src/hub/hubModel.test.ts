import { existsSync } from 'node:fs'
import { lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commitOf } from '@resnet-ts/testing/hub'
import { describe, expect, test, vi } from 'vitest'
import { readCheckpoint } from '../readCheckpoint.js'
import type { Progress } from '../sources/fetch.js'
import { commit, config, failure, sha256, useHub, values, weights } from '../testing/hub.js'
import { fetchHubFile, type HubErrorKind, type HubOptions } from './index.js'

const hub = useHub()

describe('a model of the hub', () => {
  test('is fetched once, with its card, of one commit, with progress', async () => {
    const progress: Progress[] = []
    const model = await hub.fetchModel({ onProgress: (event) => progress.push(event) })
    expect(model).toMatchObject({ repo: 'timm/tiny', revision: 'main', commit, config: { architecture: 'resnet50' } })
    expect(model.preprocessor).toBeUndefined()
    const [file] = model.weights
    expect(file).toMatchObject({ path: 'model.safetensors', size: weights.length })
    expect(await file!.bytes()).toEqual(weights)
    expect(progress[0]).toEqual({ file: 'model.safetensors', loaded: 0, total: weights.length })
    expect(progress.filter(({ file: name }) => name === 'model.safetensors').at(-1)?.loaded).toBe(weights.length)
    hub.seen.length = 0
    await hub.fetchModel()
    expect(hub.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'HEAD /timm/tiny/resolve/main/model.safetensors',
    ])
    await hub.expectSoundCache()
  })

  test('is read as a checkpoint', async () => {
    const checkpoint = await readCheckpoint('hf:timm/tiny@v1.0', hub.options())
    expect([...checkpoint.tensors.get('a')!.read()]).toEqual([...Array(500).keys()])
  })

  test('lies in the cache as Python’s client would lay it', async () => {
    await hub.fetchModel()
    expect(await readFile(join(hub.folder(), 'refs', 'main'), 'utf8')).toBe(commit)
    const pointer = join(hub.folder(), 'snapshots', commit, 'model.safetensors')
    const digest = sha256(weights)
    if ((await lstat(pointer)).isSymbolicLink()) expect(await readlink(pointer)).toBe(`../../blobs/${digest}`)
    expect(await readFile(pointer)).toEqual(weights)
    expect(existsSync(join(hub.folder(), '.no_exist', commit, 'preprocessor_config.json'))).toBe(true)
  })

  test('is taken from a cache that Python’s client filled, without a request', async () => {
    const place = hub.folder('microsoft/resnet-50')
    for (const part of ['refs', 'blobs', `snapshots/${commit}`]) await mkdir(join(place, part), { recursive: true })
    await writeFile(join(place, 'refs', 'main'), commit)
    await writeFile(join(place, 'blobs', 'f00d'), weights)
    await symlink('../../blobs/f00d', join(place, 'snapshots', commit, 'pytorch_model.bin'))
    const model = await hub.fetchModel({ offline: true }, 'microsoft/resnet-50')
    expect(model.weights[0]).toMatchObject({ path: 'pytorch_model.bin', commit })
    expect(await model.weights[0]!.bytes()).toEqual(weights)
    await fetchHubFile(`microsoft/resnet-50@${commit}`, 'pytorch_model.bin', hub.options())
    expect(hub.seen).toEqual([])
  })

  test('in shards is one checkpoint', async () => {
    const shards = { 'model-00001.safetensors': values('a', 1, 2), 'sub/model-00002.safetensors': values('b', 3) }
    const index = { weight_map: { a: 'model-00001.safetensors', b: 'sub/model-00002.safetensors' } }
    hub.repositories['timm/tiny']!.files = {
      ...shards,
      'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
    }
    const checkpoint = await readCheckpoint(await hub.fetchModel(), hub.options())
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
      expect((await failure(hub.fetchModel())).message).toContain('a path within it')
    },
  )

  test('that has changed is fetched anew, and the old commit stays', async () => {
    await hub.fetchModel()
    const changed = values('a', 9)
    hub.repositories['timm/tiny'] = { commit: commitOf('b'), files: { 'model.safetensors': changed } }
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(changed)
    expect(await (await hub.fetchModel({ offline: true }, `timm/tiny@${commit}`)).weights[0]!.bytes()).toEqual(weights)
  })
})

describe('offline', () => {
  test('a change that could not be brought leaves what was there', async () => {
    await hub.fetchModel()
    const files = { 'model.safetensors': values('a', 9), 'config.json': config }
    hub.repositories['timm/tiny'] = { commit: commitOf('b'), files }
    hub.faults.push({ on: 'host', status: 503, times: 99 })
    for (const offline of [false, true]) {
      const model = await hub.fetchModel({ offline, attempts: 2 })
      expect(model.commit).toBe(commit)
      expect(await model.weights[0]!.bytes()).toEqual(weights)
      expect(model.config).toEqual({ architecture: 'resnet50' })
    }
  })

  test('what was fetched once is there', async () => {
    await hub.fetchModel()
    hub.seen.length = 0
    const model = await hub.fetchModel({ offline: true })
    expect(model.config).toEqual({ architecture: 'resnet50' })
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(weights)
    vi.stubEnv('HF_HUB_OFFLINE', '')
    expect(hub.seen).toEqual([])
    // Nothing listens there.
    const unreachable = await hub.fetchModel({ endpoint: 'http://127.0.0.1:1023' })
    expect(await unreachable.weights[0]!.bytes()).toEqual(weights)
  })

  test('what was not says so', async () => {
    const error = await failure(hub.fetchModel({ offline: true }))
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
    const error = await failure(hub.fetchModel(changes, name))
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(text)
  })

  test.each(['resnet50', 'a/b/c', '../x/y', 'a/..', 'a/b@', 'a/b@../c', 'a/b@c d', 'hf:', ''])(
    'the name %o',
    async (name) => {
      expect((await failure(hub.fetchModel({}, name))).kind).toBe('settings')
    },
  )

  test.each([
    { endpoint: 'no address' },
    { endpoint: 'https://user:secret@example.com' },
    { endpoint: 'ftp://example.com' },
    { token: 'secret\nX-Header: 1' },
  ])('the settings %o', async (changes) => {
    expect((await failure(hub.fetchModel(changes))).kind).toBe('settings')
  })
})

describe('a token', () => {
  test('goes to the hub alone, not to the host of the files', async () => {
    hub.repositories['timm/tiny']!.token = 'secret-token'
    vi.stubEnv('HF_TOKEN', 'secret-token')
    await hub.fetchModel()
    vi.stubEnv('HF_TOKEN', '')
    const host = hub.seen.filter(({ on }) => on === 'host')
    expect(host.length).toBeGreaterThan(0)
    expect(JSON.stringify(host)).not.toContain('secret-token')
    expect(hub.seen.every(({ on, headers }) => on === 'host' || headers.authorization === 'Bearer secret-token')).toBe(
      true,
    )
  })
})
