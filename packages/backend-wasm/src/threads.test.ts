import { BackendError, type Graph, GraphBuilder, type Params, parameter, type Session, tensor } from '@resnet-ts/graph'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { wasm } from '../dist/index.js'
import { imageOf, slowNetwork } from './testing/slowNetwork.js'
import { idleTime, spentSince, watchWorkers } from './testing/workers.js'

const large = imageOf(192)
const small = imageOf(9)
const { graph, params } = slowNetwork()

type Workers = ReturnType<typeof watchWorkers>
let workers: Workers
beforeAll(() => {
  workers = watchWorkers()
})
afterAll(() => workers.stop())

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it should have failed')
    },
    (error) => error,
  )
}

/** A network that makes 4,096 channels of one. */
function wide(): [Graph, Params] {
  const g = new GraphBuilder('wide')
  g.output('y', g.conv2d(g.input('image', { channels: 1 }), { name: 'conv', channels: 4096, kernel: 1 }))
  const weight = parameter(
    [4096, 1, 1, 1],
    Float32Array.from({ length: 4096 }, (_, index) => index),
  )
  return [g.build(), new Map([['conv.weight', weight]])]
}

const pixels = (side: number) => ({ image: tensor([1, side, side, 1], new Float32Array(side * side).fill(1)) })

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const kinds: readonly (readonly [string, Parameters<typeof wasm>[0]])[] = [
  ['on the calling thread', { worker: false }],
  ['with 1 thread', { threads: 1 }],
  ['with 2 threads', { threads: 2 }],
]

describe.each(kinds)('%s', (_, options) => {
  const count = options?.worker === false ? 0 : (options?.threads as number)
  const sessions: Session[] = []
  async function open(): Promise<Session> {
    const session = await wasm(options).compile(graph, params)
    sessions.push(session)
    return session
  }
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.dispose()))
    expect(workers.alive()).toHaveLength(0)
  })

  /** What a small image yields, and how long a large one takes. */
  async function measured(session: Session) {
    const expected = await session.run(small)
    await session.run(large)
    const start = performance.now()
    const before = process.cpuUsage()
    const expectedLarge = await session.run(large)
    return { expected, expectedLarge, milliseconds: performance.now() - start, spent: spentSince(before) }
  }

  test('has as many threads as it says', async () => {
    const session = await open()
    expect(workers.alive()).toHaveLength(count)
    expect(session.describe().device).toMatch(count ? new RegExp(`, ${count} thread`) : /, the calling thread$/)
    expect(session.describe().memoryBytes).toBeGreaterThan(0)
  })

  test('runs yield the same bits every time', async () => {
    const [one, other] = await Promise.all([open(), open()])
    const first = await one.run(large)
    for (let run = 0; run < 5; run++) expect(await one.run(large)).toEqual(first)
    expect(await other.run(large)).toEqual(first)
  })

  test('an abort at any moment ends the run early with its reason, leaves nothing running, and the next run is right', async () => {
    const session = await open()
    const { expected, milliseconds, spent } = await measured(session)
    const costs: number[] = []
    for (let round = 0; round < 12; round++) {
      const controller = new AbortController()
      const reason = new Error(`round ${round}`)
      const running = session.run(large, { signal: controller.signal }).then(
        () => 'whole',
        (error) => error,
      )
      await after((milliseconds * 0.7 * round) / 12)
      const before = process.cpuUsage()
      controller.abort(reason)
      const outcome = await running
      // On a busy machine, one may have been quicker than the one that was measured.
      if (outcome === 'whole') continue
      expect(outcome).toBe(reason)
      costs.push(spentSince(before))
      if (round % 4 === 0) expect(await idleTime(100)).toBeLessThan(50)
      expect(await session.run(small)).toEqual(expected)
    }
    expect(costs.length).toBeGreaterThan(6)
    // Of the processor's time, since others take their share of the clock's. A twelfth is what a layer takes; all that is
    // left would be a third and more. One may have met something else, a collection of garbage say.
    const most = Math.max(0.3 * spent, 50)
    expect(costs.filter((cost) => cost >= most).length, costs.join(', ')).toBeLessThanOrEqual(1)
  })

  test('an abort of a run that waits leaves the one under way alone', async () => {
    const session = await open()
    const { expectedLarge } = await measured(session)
    const controller = new AbortController()
    const first = session.run(large)
    const second = failure(session.run(large, { signal: controller.signal }))
    await after(5)
    controller.abort(new Error('second'))
    expect(await first).toEqual(expectedLarge)
    expect(await second).toMatchObject({ message: 'second' })
  })

  test('an abort after the end is no matter', async () => {
    const session = await open()
    const { expected } = await measured(session)
    const controller = new AbortController()
    await session.run(small, { signal: controller.signal })
    controller.abort()
    expect(await session.run(small)).toEqual(expected)
  })

  test('disposed of at any moment, it ends the runs under way as they should, and then all threads', async () => {
    const { expectedLarge, milliseconds } = await measured(await open())
    for (const part of [0, 0.3, 0.8]) {
      const session = await open()
      const before = workers.alive().length
      const running = session.run(large)
      await after(milliseconds * part)
      const disposing = session.dispose()
      expect(await failure(session.run(small))).toBeInstanceOf(BackendError)
      expect(await running).toEqual(expectedLarge)
      await disposing
      expect(workers.alive()).toHaveLength(before - count)
      expect(session.describe().memoryBytes).toBe(0)
    }
  })

  test('too large an image is a BackendError that says how much memory it takes, and the next run is right', async () => {
    const session = await wasm(options).compile(...wide())
    sessions.push(session)
    const expected = await session.run(pixels(3))
    const error = await failure(session.run(pixels(1024)))
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toMatch(
      /: expected 16\d\d\d MiB of WebAssembly memory, found 1 MiB, and no more to be had; a smaller/,
    )
    expect(await session.run(pixels(3))).toEqual(expected)
  })
})
