import { goldenTensor } from '@resnet-ts/golden'
import { type Backend, BackendError, GraphBuilder, type Network, parameter, parameters, tensor } from '@resnet-ts/graph'
import { exportOnnx } from '@resnet-ts/onnx'
import { describe, expect, test } from 'vitest'
// What is built, since there the worker is a file that Node can run.
import { Host } from '../dist/host.js'
import { onnxruntime } from '../dist/index.js'

/** Some convolutions, which take a while on a large image. */
function network(layers = 2): Network {
  const g = new GraphBuilder('network')
  let x = g.input('image', { channels: 3 })
  for (let layer = 0; layer < layers; layer++) {
    x = g.relu(g.conv2d(x, { name: `conv${layer}`, channels: 16, kernel: 3, padding: 1 }))
  }
  g.output('pooled', g.globalPool(x))
  const graph = g.build()
  const params = parameters(graph).map(({ key, shape }) => [key, parameter(shape, goldenTensor(key, shape))] as const)
  return { graph, params: new Map(params) }
}

const image = (side: number) => ({
  image: tensor([1, side, side, 3], goldenTensor('image', [1, side, side, 3])),
})

describe('options', () => {
  test.each([
    ['threads', { threads: 0 }],
    ['threads', { threads: 1.5 }],
    ['executionProviders', { executionProviders: [] }],
  ])('%s: what is out of range is refused', (option, options) => {
    expect(() => onnxruntime(options)).toThrow(
      expect.objectContaining({
        name: 'OptionError',
        details: expect.objectContaining({ subject: `option ${option}` }),
      }),
    )
  })
})

const availability = await onnxruntime().isAvailable()
const here = availability.available ? '' : `: ${availability.reason}`

describe.skipIf(here)(`a session${here}`, () => {
  const compile = (backend: Backend, { graph, params } = network()) => backend.compile(graph, params)

  test('describes itself', async () => {
    const backend = onnxruntime({ threads: 2, executionProviders: [{ name: 'cpu', useArena: 0 }] })
    const session = await compile(backend)
    expect(session.describe()).toEqual({
      backend: 'onnxruntime-node',
      device: expect.stringMatching(/^onnxruntime \d+\.\d+\.\d+ on cpu, 2 threads$/),
      notes: [],
    })
    await session.dispose()
  })

  test('gives the same with any number of threads', async () => {
    const results: Float32Array[] = []
    for (const threads of [1, 2, 3]) {
      const session = await compile(onnxruntime({ threads }))
      results.push((await session.run(image(19))).pooled.data)
      await session.dispose()
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
  })

  test('leaves the thread free while it is compiled and while it runs', async () => {
    const turns = countTurns()
    const session = await compile(onnxruntime({ threads: 1 }), network(12))
    expect(turns.count()).toBeGreaterThan(5)
    turns.restart()
    const started = performance.now()
    await session.run(image(512))
    const elapsed = performance.now() - started
    // One turn a millisecond would be the most that a timer can have.
    expect(turns.count()).toBeGreaterThan(Math.min(20, elapsed / 20))
    expect(elapsed).toBeGreaterThan(50)
    turns.stop()
    await session.dispose()
  })

  test('that is aborted while it runs ends at once, and runs on afterwards', async () => {
    const session = await compile(onnxruntime({ threads: 1 }), network(12))
    const right = await session.run(image(20))
    const order: string[] = []
    const log = (what: string) => () => {
      order.push(what)
    }
    const controller = new AbortController()
    const reason = new Error('enough')
    const first = session.run(image(1024)).then(log('first'))
    const aborted = session.run(image(512), { signal: controller.signal }).catch((error: unknown) => {
      order.push('aborted')
      return error
    })
    const last = session.run(image(20))
    setTimeout(() => controller.abort(reason), 20)
    expect(await aborted).toBe(reason)
    await first
    expect(order).toEqual(['aborted', 'first'])
    expect((await last).pooled.data).toEqual(right.pooled.data)
    await session.dispose()
  })

  test('an execution provider that does not exist is a BackendError', async () => {
    const error = await compile(onnxruntime({ executionProviders: ['abacus'] })).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toContain('abacus')
  })
})

describe.skipIf(here)(`a worker${here}`, () => {
  test('says what onnxruntime says when it fails, and goes on', async () => {
    const host = await Host.start()
    const model = exportOnnx(network(), { layout: 'nhwc' }) as Uint8Array<ArrayBuffer>
    await host.ask({ kind: 'load', model, options: {} }, 'loaded', [model.buffer])
    const run = (channels: number) => {
      const data = new Float32Array(4 * channels)
      return host.ask({ kind: 'run', inputs: [{ shape: [1, 2, 2, channels], data }] }, 'outputs')
    }
    const error = await run(5).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BackendError)
    expect(String(error)).toMatch(/expected onnxruntime to run the network, found .*5/)
    expect((await run(3)).outputs[0].shape).toEqual([1, 16])
    await host.end()
  })

  test('that has ended is a BackendError, and ends again', async () => {
    const host = await Host.start()
    await host.end()
    await expect(host.ask({ kind: 'run', inputs: [] }, 'outputs')).rejects.toBeInstanceOf(BackendError)
    await host.end()
  })

  test('refuses what is no model', async () => {
    const host = await Host.start()
    const model = Uint8Array.of(1, 2, 3)
    await expect(host.ask({ kind: 'load', model, options: {} }, 'loaded')).rejects.toBeInstanceOf(BackendError)
    await host.end()
  })
})

/** Counts the turns that the event loop has. */
function countTurns() {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  return {
    count: () => turns,
    restart: () => {
      turns = 0
    },
    stop: () => clearInterval(timer),
  }
}
