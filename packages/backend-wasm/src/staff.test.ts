import { type Network, tensor } from '@resnet-ts/graph'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Binaries } from './binary.js'
import { detectFeatures, type Features } from './features.js'
import type { WasmOptions } from './options.js'
import { WasmSession } from './session.js'
import { assemble } from './staff.js'
import { imageOf, slowNetwork } from './testing/slowNetwork.js'
import { wasm } from './wasm.js'

const network: Network = slowNetwork(2)
const image = imageOf(9)
/** What is built: beside the source there is no worker script. */
const workerUrl = new URL('../dist/worker.js', import.meta.url)

const sessions: WasmSession[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  await Promise.all(sessions.splice(0).map((session) => session.dispose()))
})

/** A session as it would be where there are these features. */
async function open(options: WasmOptions, features: Partial<Features> = {}): Promise<WasmSession> {
  const all = { ...detectFeatures(), ...features }
  const staff = await assemble(network, options, all, new Binaries())
  const session = new WasmSession(network.graph, staff, () => network)
  sessions.push(session)
  return session
}

const plain = 'Plain SIMD: this WebAssembly engine has no relaxed SIMD.'

describe('who computes, and why', () => {
  test.each<[string, WasmOptions, Partial<Features>, string, readonly (string | RegExp)[]]>([
    ['as many threads as there are cores', {}, { cores: 2 }, 'WebAssembly SIMD, 2 threads', [plain]],
    ['one on a single core', {}, { cores: 1 }, 'WebAssembly SIMD, 1 thread', [plain]],
    ['as many as asked for', { threads: 3 }, { cores: 2 }, 'WebAssembly SIMD, 3 threads', [plain]],
    [
      'at most eight unasked',
      {},
      { cores: 12 },
      'WebAssembly SIMD, 8 threads',
      [/^8 threads on 12 cores: .*'threads'/, plain],
    ],
    [
      'one where memory cannot be shared',
      {},
      { cores: 4, sharedMemory: false },
      'WebAssembly SIMD, 1 thread',
      ['One thread: memory cannot be shared, since the page is not cross-origin isolated.', plain],
    ],
    [
      'one where more are asked for and memory cannot be shared',
      { threads: 4 },
      { sharedMemory: false },
      'WebAssembly SIMD, 1 thread',
      [/^One thread: memory cannot be shared/, plain],
    ],
    [
      'the calling thread as asked',
      { worker: false },
      { cores: 4 },
      'WebAssembly SIMD, the calling thread',
      ["On the calling thread, which it holds up, as 'worker' says.", plain],
    ],
  ])('%s', async (_, options, features, device, notes) => {
    const session = await open({ workerUrl, ...options }, { relaxedSimd: false, ...features })
    const description = session.describe()
    expect(description).toMatchObject({ backend: 'wasm', device })
    expect(description.notes).toEqual(
      notes.map((note) => (typeof note === 'string' ? note : expect.stringMatching(note))),
    )
  })

  const { relaxedSimd } = detectFeatures()
  test.runIf(relaxedSimd)(`relaxed SIMD${relaxedSimd ? '' : ' (skipped: this Node has none)'}`, async () => {
    const { device, notes } = (await open({ worker: false })).describe()
    expect(device).toBe('WebAssembly relaxed SIMD, the calling thread')
    expect(notes).toHaveLength(1)
  })
})

describe('where no worker starts', () => {
  const note =
    /^On the calling thread, which it holds up: no worker could be started \(.+\); the option 'workerUrl' says .*\.$/

  test.each([1, 2])('one of %i threads, the calling thread computes the same', async (threads) => {
    const expected = await (await open({ workerUrl, threads })).run(image)
    // The worker's script is not beside the source.
    const session = await open({ threads })
    const { device, notes } = session.describe()
    expect(device).toMatch(/, the calling thread$/)
    expect(notes[notes.length - 1]).toMatch(note)
    expect(await session.run(image)).toEqual(expected)
    expect(await session.run(image)).toEqual(expected)
  })

  /** A place with no worker_threads, and such workers as a page has. */
  function stubPage(Worker: unknown): void {
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined })
    vi.stubGlobal('Worker', Worker)
  }

  test('a page without workers computes on the calling thread', async () => {
    stubPage(undefined)
    expect((await open({ threads: 2 })).describe().notes.at(-1)).toMatch(note)
  })

  test('a page whose worker says it cannot be loaded computes on the calling thread', async () => {
    class Broken {
      onerror: (event: unknown) => void = () => undefined
      postMessage() {
        setTimeout(() => this.onerror({ preventDefault: () => undefined, message: '' }))
      }
      terminate() {}
    }
    stubPage(Broken)
    expect((await open({ threads: 1 })).describe().notes.at(-1)).toContain('(that its script could not be loaded)')
  })

  test('a page whose worker never says anything computes on the calling thread after half a minute', async () => {
    const terminated = vi.fn()
    class Silent {
      postMessage() {}
      terminate() {
        terminated()
      }
    }
    stubPage(Silent)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const opening = open({ threads: 2 })
    await vi.advanceTimersByTimeAsync(29_000)
    expect(terminated).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await opening).describe().notes.at(-1)).toContain('(no word of it in 30 seconds)')
    expect(terminated).toHaveBeenCalled()
  })

  test('a message that cannot be sent is a reason too', async () => {
    class Unclonable {
      postMessage() {
        throw new DOMException('a WebAssembly.Module can not be cloned', 'DataCloneError')
      }
      terminate() {}
    }
    stubPage(Unclonable)
    expect((await open({ threads: 1 })).describe().notes.at(-1)).toMatch(note)
  })
})

test('computing on the calling thread lets others have their turn', async () => {
  const { graph, params } = slowNetwork()
  const session = await wasm({ worker: false }).compile(graph, params)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await session.run(imageOf(224))
  clearInterval(timer)
  await session.dispose()
  expect(turns).toBeGreaterThan(2)
})

test('inputs are copied at once', async () => {
  const session = await open({ workerUrl, threads: 2 })
  const expected = await session.run(image)
  const own = tensor(image.image.shape, image.image.data.slice())
  const running = session.run({ image: own })
  own.data.fill(Number.NaN)
  expect(await running).toEqual(expected)
})
