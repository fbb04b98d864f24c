import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BackendError, type Params, type Session } from '@resnet-ts/graph'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { wasm } from '../dist/index.js'
import { fixed } from './engine/memory.js'
import { imageOf, slowNetwork } from './testing/slowNetwork.js'
import { watchWorkers } from './testing/workers.js'

const large = imageOf(288)
const small = imageOf(9)
const { graph, params } = slowNetwork()

let workers: ReturnType<typeof watchWorkers>
beforeAll(() => {
  workers = watchWorkers()
})
afterAll(() => workers.stop())

const sessions: Session[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(sessions.splice(0).map((session) => session.dispose()))
  expect(workers.alive()).toHaveLength(0)
})

async function open(options: Parameters<typeof wasm>[0], own: Params = params): Promise<Session> {
  const session = await wasm(options).compile(graph, own)
  sessions.push(session)
  return session
}

const outcomeOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe.each([
  ['the only thread', 1, 0],
  ['the thread that leads', 2, 0],
  ['the thread that helps', 2, 1],
])('%s is ended from outside', (_, threads, victim) => {
  test('in the midst of a run: that is a BackendError, and the next run is right', async () => {
    const session = await open({ threads })
    const expected = await session.run(large)
    for (const delay of [0, 5, 20]) {
      const running = outcomeOf(session.run(large))
      await after(delay)
      await workers.alive()[victim].terminate()
      const error = await running
      expect(error).toBeInstanceOf(BackendError)
      expect(String(error)).toContain('expected its threads to answer, found that it has ended')
      expect(await session.run(large)).toEqual(expected)
      expect(workers.alive()).toHaveLength(threads)
    }
  })

  test('between two runs: nobody notices', async () => {
    const session = await open({ threads })
    const expected = await session.run(small)
    await workers.alive()[victim].terminate()
    expect(await session.run(small)).toEqual(expected)
    expect(workers.alive()).toHaveLength(threads)
  })

  test('in the midst of a run whose session is disposed of: both end', async () => {
    const session = await open({ threads })
    const running = outcomeOf(session.run(large))
    const disposing = session.dispose()
    await after(5)
    await workers.alive()[victim]?.terminate()
    await running
    await disposing
    expect(workers.alive()).toHaveLength(0)
  })

  test('in the midst of compiling: that is a BackendError, then or at the first run', async () => {
    const ending = new Map(params)
    const [key, { shape, read }] = [...params].at(-1)!
    let ended: Promise<unknown> | undefined
    const readAndEnd = () => {
      ended ??= workers.alive()[victim].terminate()
      return read()
    }
    const outcome = await outcomeOf(wasm({ threads }).compile(graph, ending.set(key, { shape, read: readAndEnd })))
    if (outcome instanceof BackendError) return
    // What it was needed for was done. It is missed at the first run, or was before.
    await ended
    const session = outcome as Session
    sessions.push(session)
    const first = await outcomeOf(session.run(small))
    const expected = await (await open({ threads })).run(small)
    if (!(first instanceof BackendError)) expect(first).toEqual(expected)
    expect(await session.run(small)).toEqual(expected)
  })
})

test('runs that wait behind one that fails are right', async () => {
  const session = await open({ threads: 2 })
  const expected = await session.run(small)
  const running = outcomeOf(session.run(large))
  const waiting = [session.run(small), session.run(small)]
  await after(5)
  await workers.alive()[1].terminate()
  expect(await running).toBeInstanceOf(BackendError)
  expect(await Promise.all(waiting)).toEqual([expected, expected])
})

describe('the packed weights', () => {
  function collectGarbage(): void {
    setFlagsFromString('--expose-gc')
    ;(runInNewContext('gc') as () => void)()
  }

  /** A session whose caller keeps nothing. */
  async function openAlone(threads: number): Promise<Session> {
    const session = await open({ threads }, new Map(params))
    await after(0)
    collectGarbage()
    await after(0)
    collectGarbage()
    return session
  }

  test('that are gone with the only thread are missed by name, where the parameters are gone too', async () => {
    const session = await openAlone(1)
    await session.run(small)
    await workers.alive()[0].terminate()
    const error = await outcomeOf(session.run(small))
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toContain(
      "the wasm session of 'slow': expected its thread, which held the packed weights, found that it has ended; " +
        'dispose of the session and compile the graph again',
    )
  })

  test('in shared memory outlive the threads, and the parameters', async () => {
    const session = await openAlone(2)
    const expected = await session.run(small)
    await workers.alive()[0].terminate()
    expect(await session.run(small)).toEqual(expected)
  })
})

describe('a trap', () => {
  /** The memories that are made from now on. */
  function watchMemories(): WebAssembly.Memory[] {
    const memories: WebAssembly.Memory[] = []
    const { Memory } = WebAssembly
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (this: unknown, descriptor) {
      const memory = new Memory(descriptor)
      memories.push(memory)
      return memory
    })
    return memories
  }

  /** Makes the op that a plan begins with one that there is not. */
  function spoil({ buffer }: WebAssembly.Memory, list: number): void {
    const [op] = new Int32Array(buffer, list, 1)
    new Int32Array(buffer, op, 1)[0] = 99
  }

  test('of all threads in the midst of a run is a BackendError, and the next run is right', async () => {
    const memories = watchMemories()
    const session = await open({ threads: 2 })
    const expected = await session.run(small)
    expect(memories).toHaveLength(1)
    const [plan] = new Int32Array(memories[0].buffer, fixed.job + 4, 1)
    spoil(memories[0], plan)
    const error = await outcomeOf(session.run(small))
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toContain('unreachable')
    expect(await session.run(small)).toEqual(expected)
  })
})

test('a worker script that does not begin is a BackendError that says where it was looked for', async () => {
  const workerUrl = new URL('nowhere.js', import.meta.url)
  const error = await outcomeOf(wasm({ workerUrl, threads: 2 }).compile(graph, params))
  expect(error).toBeInstanceOf(BackendError)
  expect(String(error)).toContain(`the workers of backend 'wasm': expected to start from '${workerUrl}', found `)
  expect(String(error)).toContain("serve the package's file worker.js there")
  expect(workers.alive()).toHaveLength(0)
})

test('an address that is none is a BackendError too', async () => {
  const error = await outcomeOf(wasm({ workerUrl: 'worker.js', threads: 1 }).compile(graph, params))
  expect(error).toBeInstanceOf(BackendError)
  expect(String(error)).toContain("expected to start from 'worker.js', found Invalid URL")
})
