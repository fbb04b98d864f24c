import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { wasm } from '../dist/index.js'
import { imageOf, slowNetwork } from './testing/slowNetwork.js'

/** Starting threads takes long: with them, it is so many cycles with `RESNET_TS_LONG=1` alone. */
const manyCycles = 200
const fewCycles = 24

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Megabytes that the process holds, once what it can let go of is gone. */
async function heldMegabytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return anonymousBytes() / 2 ** 20
}

/**
 * Bytes of the process's own, where the system tells: those of Node's file come and go with what else the machine needs
 * memory for.
 */
function anonymousBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!
  return Number(kilobytes) * 1024
}

/**
 * Megabytes that some work adds to what the process holds. What leaks does so each time. A thread that collects its garbage
 * later, which nobody else can have it do, does not: work that added more than `most` is repeated, and the least counts.
 */
async function growthBy(work: () => Promise<void>, most: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let before = await heldMegabytes()
  for (let time = 0; time < 3 && least >= most; time++) {
    await work()
    const after = await heldMegabytes()
    least = Math.min(least, after - before)
    before = after
  }
  return least
}

/** Threads of the process, where the system tells. */
function threadsOfProcess(): number | undefined {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').length : undefined
}

const { graph, params } = slowNetwork(4)
const kinds: readonly (readonly [string, Parameters<typeof wasm>[0]])[] = [
  ['on the calling thread', { worker: false }],
  ['with 1 thread', { threads: 1 }],
  ['with 2 threads', { threads: 2 }],
]

describe.each(kinds)('%s', (_, options) => {
  const cycles = process.env.RESNET_TS_LONG || options?.worker === false ? manyCycles : fewCycles

  test('2,000 inferences grow nothing', async () => {
    const session = await wasm(options).compile(graph, params)
    const images = [imageOf(24), imageOf(20)]
    const { signal } = new AbortController()
    const infer = async (count: number) => {
      for (let run = 0; run < count; run++) await session.run(images[run % 2], run % 3 ? {} : { signal })
    }
    await infer(500)
    const { memoryBytes } = session.describe()
    // An image has 26 or 37 KB: 2,000 kept ones would be 62 MB.
    const grown = await growthBy(() => infer(2000), 16)
    expect(session.describe().memoryBytes).toBe(memoryBytes)
    await session.dispose()
    expect(grown).toBeLessThan(16)
  }, 240_000)

  test(`${cycles} sessions opened, used and disposed of leave nothing`, async () => {
    const image = imageOf(64)
    const cycle = async () => {
      const session = await wasm(options).compile(graph, params)
      await session.run(image)
      await session.dispose()
    }
    for (let warm = 0; warm < 6; warm++) await cycle()
    const threads = threadsOfProcess()
    // Each holds some 2 MB of WebAssembly memory, and a thread 5 MB of JavaScript's.
    const grown = await growthBy(async () => {
      for (let count = 0; count < cycles; count++) await cycle()
    }, 24)
    expect(threadsOfProcess()).toBe(threads)
    expect(grown).toBeLessThan(24)
  }, 240_000)
})

describe('a process', () => {
  /** What a program prints that has imported what it needs, and how it ends. */
  function run(program: string): Promise<{ readonly code: number | null; readonly printed: string }> {
    const entry = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
    const source = `
      import { wasm } from ${entry('../dist/index.js')}
      import { GraphBuilder, parameter, tensor } from ${entry('../../graph/dist/index.js')}
      const g = new GraphBuilder('edges')
      g.output('y', g.conv2d(g.input('image', { channels: 1 }), { name: 'conv', channels: 1, kernel: 1 }))
      const params = new Map([['conv.weight', parameter([1, 1, 1, 1], Float32Array.of(3))]])
      const image = tensor([1, 1, 1, 1], Float32Array.of(2))
      ${program}`
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--input-type=module', '--eval', source],
        { timeout: 30_000 },
        (error, stdout, stderr) => resolve({ code: error ? child.exitCode : 0, printed: stdout + stderr }),
      )
    })
  }

  test.each(['{ worker: false }', '{ threads: 1 }', '{ threads: 2 }'])(
    'ends by itself, the session of wasm(%s) not disposed of',
    async (options) => {
      const program = `
        const session = await wasm(${options}).compile(g.build(), params)
        const { y } = await session.run({ image })
        console.log(y.data[0])`
      expect(await run(program)).toEqual({ code: 0, printed: '6\n' })
    },
  )

  test('does not end while it is waited for', async () => {
    const program = `
      const compiling = wasm({ threads: 2 }).compile(g.build(), params)
      compiling.then((session) => session.run({ image })).then(({ y }) => console.log(y.data[0]))`
    expect(await run(program)).toEqual({ code: 0, printed: '6\n' })
  })

  test('that only imports the engine starts nothing', async () => {
    const program = `
      process.on('worker', () => console.log('a worker'))
      const active = process.getActiveResourcesInfo().filter((name) => /Worker|Port|Timer/.test(name))
      console.log(typeof wasm({ threads: 2 }).compile, active.length)`
    expect(await run(program)).toEqual({ code: 0, printed: 'function 0\n' })
  })
})
