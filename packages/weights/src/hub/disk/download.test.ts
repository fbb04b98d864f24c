import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { failure, sha256, useHub, weights } from '../../testing/hub.js'

const hub = useHub()

describe('a download that ended', () => {
  const digest = sha256(weights)

  test('is gone on from by the next', async () => {
    hub.faults.push({ on: 'host', cut: 700 })
    await failure(hub.fetchModel({ attempts: 1 }))
    expect(await hub.blobs()).toEqual([`${digest}.resnet-ts.incomplete`])
    hub.seen.length = 0
    await hub.fetchModel()
    expect(hub.seen.filter(({ on }) => on === 'host').map(({ headers }) => headers.range)).toEqual(['bytes=700-'])
    await hub.expectSoundCache()
  })

  test('asks, while it lasts, for the rest of the same file', async () => {
    hub.faults.push({ on: 'host', cut: 700 })
    await hub.fetchModel()
    const [, second] = hub.seen.filter(({ on }) => on === 'host')
    expect(second!.headers).toMatchObject({ range: 'bytes=700-', 'if-range': expect.stringMatching(/^".*-1"$/) })
  })

  test.each([
    ['of other bytes', Buffer.alloc(700, 1)],
    ['longer than the file', Buffer.alloc(weights.length + 1)],
    ['of as many other bytes', Buffer.alloc(weights.length)],
  ])('and left something %s is begun anew', async (_name, left) => {
    await mkdir(join(hub.folder(), 'blobs'), { recursive: true })
    await writeFile(join(hub.folder(), 'blobs', `${digest}.resnet-ts.incomplete`), left)
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await hub.expectSoundCache()
  })

  test('by its signal, at any moment, leaves nothing that is half-done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), async (after) => {
        const controller = new AbortController()
        const reason = new Error('enough')
        const fetching = hub.fetchModel({ signal: controller.signal })
        setTimeout(() => controller.abort(reason), after)
        const outcome = await fetching.catch((error: unknown) => error)
        if (outcome instanceof Error) expect(outcome).toBe(reason)
        await hub.expectSoundCache()
        await rm(hub.folder(), { recursive: true, force: true })
      }),
      { numRuns: 25 },
    )
    hub.faults.push({ on: 'host', silent: 100 })
    await expect(hub.fetchModel({ signal: AbortSignal.timeout(150) })).rejects.toThrow(/timeout/)
    await expect(hub.fetchModel({ signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never')
  })
})

describe('two at once', () => {
  test('in one process both succeed, and download once', async () => {
    hub.faults.push({ on: 'host', cut: 600 })
    const models = await Promise.all([hub.fetchModel(), hub.fetchModel(), hub.fetchModel()])
    for (const model of models) expect(await model.weights[0]!.bytes()).toEqual(weights)
    expect(hub.seen.filter(({ on }) => on === 'host')).toHaveLength(2)
    await hub.expectSoundCache()
  })

  test('a lock of a process that is gone is taken over', async () => {
    const { hostname } = await import('node:os')
    const locks = join(hub.cacheDir, '.locks', 'models--timm--tiny')
    await mkdir(locks, { recursive: true })
    const lock = join(locks, `${sha256(weights)}.resnet-ts`)
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.on('exit', resolve))
    await writeFile(lock, JSON.stringify({ host: hostname(), pid: child.pid, token: 'a' }))
    await hub.fetchModel()
    await hub.expectSoundCache()
  })

  const built = fileURLToPath(new URL('../../../dist/index.js', import.meta.url))
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
        HF_HUB_CACHE: hub.cacheDir,
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
      await hub.expectSoundCache()
    },
  )
})
