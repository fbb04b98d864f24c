import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { wasm } from '../dist/index.js'
import { imageOf, slowNetwork } from './testing/slowNetwork.js'
import { watchWorkers } from './testing/workers.js'

const { graph, params } = slowNetwork(2)
const image = imageOf(9)

let workers: ReturnType<typeof watchWorkers>
beforeEach(() => {
  workers = watchWorkers()
})
afterEach(() => {
  expect(workers.alive()).toHaveLength(0)
  workers.stop()
})

/** Threads are told of a turn after they were started. */
const expectAlive = (count: number) => vi.waitFor(() => expect(workers.alive()).toHaveLength(count))

describe('what is begun', () => {
  test('are the threads, which the next network computes with', async () => {
    const backend = wasm({ threads: 2 })
    const usual = await backend.compile(graph, params)
    const expected = await usual.run(image)
    await usual.dispose()

    const beginning = backend.begin!()
    await expectAlive(2)
    const begun = workers.alive()
    const session = await backend.compile(graph, params, beginning)
    await beginning.end()
    expect(await session.run(image)).toEqual(expected)
    expect(workers.alive()).toEqual(begun)
    await session.dispose()
  })

  test('is used once', async () => {
    const backend = wasm({ threads: 1 })
    const beginning = backend.begin!()
    const sessions = [await backend.compile(graph, params, beginning), await backend.compile(graph, params, beginning)]
    expect(workers.alive()).toHaveLength(2)
    await sessions[0]!.dispose()
    expect(workers.alive()).toHaveLength(1)
    await sessions[1]!.dispose()
  })

  test('of another backend is none of this one’s', async () => {
    const beginning = wasm({ threads: 2 }).begin!()
    const session = await wasm({ threads: 1 }).compile(graph, params, beginning)
    expect(session.describe().device).toMatch(/, 1 thread$/)
    await expectAlive(3)
    await session.dispose()
    await beginning.end()
  })

  test('can be ended, at once and again', async () => {
    const beginning = wasm({ threads: 2 }).begin!()
    await beginning.end()
    await beginning.end()
  })

  test('goes when nothing is compiled of it', async () => {
    const backend = wasm({ threads: 2 })
    const beginning = backend.begin!()
    await expect(backend.compile(graph, new Map(), beginning)).rejects.toThrow(/expected/)
    await beginning.end()
  })

  test('is nothing on the calling thread', async () => {
    const backend = wasm({ worker: false })
    const beginning = backend.begin!()
    const session = await backend.compile(graph, params, beginning)
    expect(workers.alive()).toHaveLength(0)
    await session.dispose()
    await beginning.end()
  })
})
