import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { readCheckpoint } from '../readCheckpoint.js'
import type { Progress } from '../sources/fetch.js'
import { failure, sha256, useHub, weights } from '../testing/hub.js'
import { fetchTorchFile, type HubErrorKind, type HubOptions } from './index.js'

const hub = useHub()
const name = `resnet50-${sha256(weights).slice(0, 8)}.pth`
const fetchFile = (changes: HubOptions = {}, file = name) => fetchTorchFile(hub.models + file, hub.options(changes))
const folder = () => join(hub.cacheDir, 'torch', 'hub', 'checkpoints')

beforeEach(() => {
  hub.published[name] = weights
})

describe('a file of torchvision', () => {
  test('is fetched once, with progress, into the place of torch.hub', async () => {
    const progress: Progress[] = []
    const file = await fetchFile({ onProgress: (event) => progress.push(event), token: 'secret-token' })
    expect(file).toMatchObject({ path: name, size: weights.length, location: join(folder(), name) })
    expect(await readFile(file.location!)).toEqual(weights)
    expect(progress.at(-1)).toEqual({ file: name, loaded: weights.length, total: weights.length })
    expect(hub.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET /models/${name}`])
    expect(JSON.stringify(hub.seen)).not.toContain('secret-token')
    expect((await readCheckpoint(await fetchFile())).tensors.get('a')!.read()).toHaveLength(500)
    expect(hub.seen).toHaveLength(1)
    expect(await readdir(folder())).toEqual([name])
  })

  test('is taken from where Python left it, offline too', async () => {
    await mkdir(folder(), { recursive: true })
    await writeFile(join(folder(), name), weights)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await (await fetchFile()).bytes()).toEqual(weights)
    vi.stubEnv('HF_HUB_OFFLINE', '')
    expect(hub.seen).toEqual([])
  })

  test('is where TORCH_HOME says', async () => {
    vi.stubEnv('TORCH_HOME', join(hub.cacheDir, 'elsewhere'))
    const { location } = await fetchFile({ torchHome: undefined })
    vi.stubEnv('TORCH_HOME', '')
    expect(location).toBe(join(hub.cacheDir, 'elsewhere', 'hub', 'checkpoints', name))
  })

  const refusals: [string, string, HubOptions, HubErrorKind, string][] = [
    ['offline', name, { offline: true }, 'offline', 'HF_HUB_OFFLINE'],
    ['one that is not there', 'resnet50-00000000.pth', {}, 'permission', 'check the address'],
    ['a name without digits', 'resnet50.pth', {}, 'settings', 'digits of a SHA-256'],
    ['a name with too few of them', 'resnet50-1234567.pth', {}, 'settings', 'digits of a SHA-256'],
    ['another way out of the folder', '..%2f..%2fx-12345678.pth', {}, 'settings', 'digits of a SHA-256'],
  ]
  test.each(refusals)('is refused: %s', async (_, file, changes, kind, text) => {
    const error = await failure(fetchFile(changes, file))
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(text)
  })

  test('of other bytes is noticed, and never kept', async () => {
    hub.faults.push({ on: 'host', garbled: true })
    expect(await (await fetchFile()).bytes()).toEqual(weights)
    hub.published['other-12345678.pth'] = weights
    const error = await failure(fetchFile({ attempts: 2 }, 'other-12345678.pth'))
    expect(error).toMatchObject({ kind: 'corrupt', message: expect.stringContaining('SHA-256 12345678…') })
    expect((await readdir(folder())).filter((file) => file.startsWith('other') && file.endsWith('.pth'))).toEqual([])
  })

  test('is gone on from, wherever the connection is cut, and by the next', async () => {
    const point = fc.integer({ min: 0, max: weights.length })
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 3 }), async (cuts) => {
        hub.faults.length = 0
        hub.faults.push(...cuts.map((cut) => ({ on: 'host' as const, cut })))
        const torchHome = join(hub.cacheDir, `torch-${cuts.join('-')}`)
        expect(await (await fetchFile({ torchHome })).bytes()).toEqual(weights)
      }),
      { numRuns: 30 },
    )
    hub.faults.length = 0
    hub.seen.length = 0
    hub.faults.push({ on: 'host', cut: 700 })
    await failure(fetchFile({ attempts: 1 }))
    await Promise.all([fetchFile(), fetchFile()])
    expect(hub.seen.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=700-'])
    expect(await readdir(folder())).toEqual([name])
  })
})
