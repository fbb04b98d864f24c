import type { Session } from '@resnet-ts/graph'
import { isolation, launch, type Site, serveFolder, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixed } from './engine/memory.js'
import { type App, writeApp } from './testing/app.js'
import { buildWithVite } from './testing/bundlers.js'
import { computeIn, type EnginePage, expectNoWorkers, expectRight, openEngine, policy } from './testing/enginePage.js'
import { prepareSlow } from './testing/slowPage.js'

type Headers = Readonly<Record<string, string>>
const isolated: Headers = { ...policy, ...isolation }

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let app: App
  let folder: string
  const sites: Site[] = []

  beforeAll(async () => {
    app = writeApp({ source: 'enginePage' })
    folder = await buildWithVite(app.folder)
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    for (const site of sites) site.close()
    app?.remove()
  })

  async function open(headers: Headers): Promise<EnginePage> {
    const site = await serveFolder(folder, headers)
    sites.push(site)
    return openEngine(browser, site.url)
  }

  async function openSlow(headers: Headers): Promise<Page> {
    const { page } = await open(headers)
    await prepareSlow(page)
    return page
  }

  describe('a policy that forbids', () => {
    const changed = (part: string, other: string) => ({
      'content-security-policy': policy['content-security-policy'].replace(part, other),
    })

    it('to compile WebAssembly leaves the engine unavailable, which says what to allow', async () => {
      const { page } = await open(changed(" 'wasm-unsafe-eval'", ''))
      const reason = await page.evaluate(async () => {
        const availability = await globalThis.engine.wasm().isAvailable()
        return availability.available ? undefined : availability.reason
      })
      expect(reason).toContain("a page's Content-Security-Policy has to allow 'wasm-unsafe-eval'")
    })

    it('workers leaves it the calling thread, which it says', async () => {
      const { page } = await open(changed("worker-src 'self'", "worker-src 'none'"))
      const { outputs, description } = await computeIn(page)
      await expectRight(outputs)
      expect(description.device).toMatch(/, the calling thread$/)
      expect(description.notes.at(-1)).toContain("the option 'workerUrl' says where")
    })
  })

  describe('a worker whose script', () => {
    it.each([
      ['is a page, as single-page servers answer', 'text/html', '<!doctype html>', 'could not be loaded'],
      ['fails', 'text/javascript', "throw new Error('broken')", 'broken'],
    ])('%s is done without', async (_, contentType, body, reason) => {
      const { page } = await open(policy)
      await page.route('**/worker-*.js', (route) => route.fulfill({ contentType, body }))
      const { outputs, description } = await computeIn(page)
      await expectRight(outputs)
      expect(description.device).toMatch(/, the calling thread$/)
      expect(description.notes.at(-1)).toContain(reason)
      await expectNoWorkers(page)
    })
  })

  describe.each([
    ['on the calling thread', policy, { worker: false }, 0],
    ['with 1 thread, not isolated', policy, { threads: 1 }, 1],
    ['with 2 threads, isolated', isolated, { threads: 2 }, 2],
  ] as const)('%s', (_, headers, options, count) => {
    let page: Page
    beforeAll(async () => {
      page = await openSlow(headers)
    })

    it('an abort at any moment ends the run early with its reason, and the next run is right', async () => {
      const rounds = await page.evaluate(async (options) => {
        const { open, large, small, duration, after, same } = globalThis.slow
        const session = await open(options)
        const expected = await session.run(small)
        // On a busy machine they differ: each is aborted well before the quickest would have ended.
        const durations = [await duration(session), await duration(session), await duration(session)]
        const [whole, slowest] = [Math.min(...durations), Math.max(...durations)]
        const rounds = []
        for (let round = 0; round < 8; round++) {
          const controller = new AbortController()
          const running = session.run(large, { signal: controller.signal }).catch((reason: unknown) => reason)
          await after((whole * 0.7 * round) / 8)
          const start = performance.now()
          controller.abort('enough')
          const outcome = await running
          const late = performance.now() - start
          rounds.push({
            outcome: outcome === 'enough' ? outcome : 'whole',
            isSoon: late < Math.max(0.4 * slowest, 50),
            isRight: same(await session.run(small), expected),
          })
        }
        await session.dispose()
        return rounds
      }, options)
      const aborted = rounds.filter(({ outcome }) => outcome === 'enough')
      expect(aborted.length).toBeGreaterThan(4)
      expect(aborted.filter(({ isSoon }) => isSoon).length).toBeGreaterThan(aborted.length / 2)
      expect(rounds.every(({ isRight }) => isRight)).toBe(true)
      await expectNoWorkers(page)
    })

    it('disposed of at any moment, it ends the runs under way as they should, and then all workers', async () => {
      let started = 0
      page.on('worker', () => started++)
      for (const part of [0, 0.4, 0.8]) {
        const found = await page.evaluate(
          async ({ options, part }) => {
            const { open, large, small, duration, after, same, failure } = globalThis.slow
            const session = await open(options)
            const whole = await duration(session)
            const expected = await session.run(large)
            const running = session.run(large)
            await after(whole * part)
            const disposing = session.dispose()
            const refused = await failure(session.run(small))
            const isRight = same(await running, expected)
            await disposing
            return { refused, isRight, memoryBytes: session.describe().memoryBytes }
          },
          { options, part },
        )
        expect(found).toEqual({ refused: expect.stringMatching(/^BackendError: /), isRight: true, memoryBytes: 0 })
        await expectNoWorkers(page)
      }
      expect(started).toBe(3 * count)
    })

    it('parameters that are cut off leave no worker', async () => {
      const failed = await page.evaluate(
        (options) => globalThis.slow.failure(globalThis.slow.open(options, true)),
        options,
      )
      expect(failed).toMatch(/^ParameterError: .*conv11\.weight/)
      await expectNoWorkers(page)
    })

    it('20 sessions one after the other leave no worker', async () => {
      const right = await page.evaluate(async (options) => {
        const { open, small, same } = globalThis.slow
        const outputs: Awaited<ReturnType<Session['run']>>[] = []
        for (let cycle = 0; cycle < 20; cycle++) {
          const session = await open(options)
          outputs.push(await session.run(small))
          await session.dispose()
        }
        return outputs.filter((each) => same(each, outputs[0]!)).length
      }, options)
      expect(right).toBe(20)
      await expectNoWorkers(page)
    })
  })

  describe.each([
    ['1 thread', policy, { threads: 1 }],
    ['2 threads', isolated, { threads: 2 }],
  ] as const)('of %s', (_, headers, options) => {
    /** The worker that leads, which alone answers: one that helps waits for jobs. The browser has them in any order. */
    const leaderOf = (page: Page) =>
      Promise.any(page.workers().map((worker) => worker.evaluate(() => 0).then(() => worker)))

    /** Has the thread that leads fail whenever it is spoken to. */
    const spoil = async (page: Page) =>
      (await leaderOf(page)).evaluate(() => {
        const work = globalThis.onmessage as unknown as (event: MessageEvent) => void
        globalThis.onmessage = (event) => {
          work(event)
          throw new Error('broken')
        }
      })

    it('the one that leads crashes in the midst of a run: that is a BackendError, and the next run is right', async () => {
      const page = await openSlow(headers)
      await page.evaluate(async (options) => {
        globalThis.slow.session = await globalThis.slow.open(options)
      }, options)
      await spoil(page)
      const found = await page.evaluate(async () => {
        const { session, large, same, failure } = globalThis.slow
        const failed = await failure(session!.run(large))
        const first = await session!.run(large)
        const isRight = same(await session!.run(large), first)
        await session!.dispose()
        return { failed, isRight }
      })
      const failed = expect.stringMatching(/^BackendError: .*expected its threads to answer, found .*broken/)
      expect(found).toEqual({ failed, isRight: true })
      await expectNoWorkers(page)
    })
  })

  it('helping workers end at once, and not in two seconds, when Chromium would end them', async () => {
    const page = await openSlow(isolated)
    const durations: number[] = []
    // Another process may be in the way.
    for (let attempt = 0; attempt < 5; attempt++) {
      await page.evaluate(async () => (await globalThis.slow.open({ threads: 2 })).dispose())
      const begin = performance.now()
      await expectNoWorkers(page)
      durations.push(performance.now() - begin)
    }
    expect(Math.min(...durations)).toBeLessThan(1000)
  })

  it('a trap of all threads in the midst of a run is a BackendError, and the next run is right', async () => {
    const page = await openSlow(isolated)
    const found = await page.evaluate(async (job) => {
      const { open, large, same, failure } = globalThis.slow
      const { Memory } = WebAssembly
      const memories: WebAssembly.Memory[] = []
      WebAssembly.Memory = class extends Memory {
        constructor(descriptor: WebAssembly.MemoryDescriptor) {
          super(descriptor)
          memories.push(this)
        }
      }
      const session = await open({ threads: 2 })
      WebAssembly.Memory = Memory
      const expected = await session.run(large)
      const words = new Int32Array(memories[0]!.buffer)
      // The op that the plan begins with becomes one that there is not.
      words[words[words[job / 4 + 1]! / 4]! / 4] = 99
      const failed = await failure(session.run(large))
      const isRight = same(await session.run(large), expected)
      await session.dispose()
      return { failed, isRight, memories: memories.length }
    }, fixed.job)
    expect(found).toEqual({ failed: expect.stringMatching(/^BackendError: .*unreachable/), isRight: true, memories: 1 })
    await expectNoWorkers(page)
  })
})
