import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failure, useHub, weights } from '../testing/hub.js'

const hub = useHub()

describe('a fault', () => {
  test.each([429, 500, 502, 503, 504, 408])('with status %d is tried again, on both hosts', async (status) => {
    hub.faults.push({ on: 'hub', status, times: 2 }, { on: 'host', status, times: 2 })
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await hub.expectSoundCache()
  })

  test('that lasts ends, with its status', async () => {
    hub.faults.push({ on: 'host', status: 503, times: 99 })
    expect(await failure(hub.fetchModel({ attempts: 3 }))).toMatchObject({ kind: 'server', status: 503 })
    expect(hub.seen.filter(({ on }) => on === 'host')).toHaveLength(3)
    await hub.expectSoundCache()
  })

  test('of too many requests waits as long as the hub asks for', async () => {
    hub.faults.push({ on: 'hub', status: 429, headers: { 'retry-after': '1' } })
    const start = performance.now()
    await hub.fetchModel()
    expect(performance.now() - start).toBeGreaterThan(990)
    hub.faults.push({ on: 'hub', status: 429, headers: { 'retry-after': '3600' } })
    expect(await failure(hub.fetchModel({}, 'timm/tiny@v1.0'))).toMatchObject({ kind: 'server', retryAfter: 3_600_000 })
  })

  test('of a signature that has run out gets a new one', async () => {
    hub.faults.push({ on: 'host', status: 403 })
    await hub.fetchModel()
    await hub.expectSoundCache()
  })

  test('of other bytes is noticed, and never kept', async () => {
    hub.faults.push({ on: 'host', garbled: true })
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(weights)
    await rm(hub.cacheDir, { recursive: true })
    hub.faults.push({ on: 'host', garbled: true, times: 99 })
    expect((await failure(hub.fetchModel())).kind).toBe('corrupt')
    hub.faults.length = 0
    await hub.expectSoundCache()
    expect(await (await hub.fetchModel()).weights[0]!.bytes()).toEqual(weights)
  })

  test('of silence is given up', async () => {
    hub.faults.push({ on: 'host', silent: 100 })
    await hub.fetchModel({ timeout: 200 })
    await hub.expectSoundCache()
  })

  test('of redirections without an end is told', async () => {
    hub.faults.push({ on: 'hub', status: 302, headers: { location: '/again' }, times: 99 })
    expect((await failure(hub.fetchModel())).message).toContain('redirections without an end')
  })

  test('of a connection cut anywhere is gone on from, and what comes is the file', async () => {
    const point = fc.integer({ min: 0, max: weights.length })
    await fc.assert(
      fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 4 }), fc.boolean(), async (cuts, whole) => {
        hub.faults.length = 0
        hub.seen.length = 0
        hub.faults.push(...cuts.map((cut) => ({ on: 'host' as const, cut })), { on: 'host', whole })
        const model = await hub.fetchModel()
        expect(await model.weights[0]!.bytes()).toEqual(weights)
        expect(await hub.blobs()).toHaveLength(2)
        await hub.expectSoundCache()
        await rm(hub.folder(), { recursive: true })
      }),
      { numRuns: 60 },
    )
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'of the disk is typed (not as root)',
    async () => {
      await chmod(hub.cacheDir, 0o500)
      expect((await failure(hub.fetchModel())).kind).toBe('cache')
      await chmod(hub.cacheDir, 0o700)
    },
  )

  test('of a cache that is no folder is typed', async () => {
    await writeFile(join(hub.cacheDir, 'file'), '')
    expect((await failure(hub.fetchModel({ cacheDir: join(hub.cacheDir, 'file') }))).kind).toBe('cache')
  })
})
