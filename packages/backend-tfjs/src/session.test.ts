import { BackendError, parameter, ShapeError, sizeOf, tensor } from '@resnet-ts/graph'
import { expectClose } from '@resnet-ts/testing/close'
import { engine, getBackend, removeBackend, setBackend, sum, tensor as tfTensor } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tfjs } from './index.js'
import { chain, graphOf, paramsOf, values } from './testing/networks.js'
import { registerSpy, type Spy, silence, tensorCount } from './testing/spy.js'

let spy: Spy
const x = tensor([1, 5, 5, 4], values(100))
const network = chain(6)

/** Kernels of the spy take so long that a few fill a burst. */
function slowDown(): string[] {
  const kernels: string[] = []
  spy.beforeKernel = (kernelName) => {
    kernels.push(kernelName)
    const end = performance.now() + 12
    while (performance.now() < end);
  }
  return kernels
}

beforeAll(() => {
  silence()
  spy = registerSpy('spy')
})
beforeEach(() => {
  spy.beforeKernel = () => undefined
})

const compile = (graph = network) => tfjs({ backendName: 'spy' }).compile(graph, paramsOf(graph))

describe('tensors', () => {
  it('a run leaves none behind, a disposed session none at all', async () => {
    const before = tensorCount()
    const session = await compile()
    const compiled = tensorCount()
    expect(compiled).toBe(before + 6)
    for (let run = 0; run < 3; run++) await session.run({ x })
    expect(tensorCount()).toBe(compiled)
    await session.dispose()
    expect(tensorCount()).toBe(before)
  })

  it('a run holds a value only until it is used for the last time', async () => {
    const session = await compile(chain(20))
    const before = tensorCount()
    let most = 0
    spy.beforeKernel = () => {
      most = Math.max(most, tensorCount() - before)
    }
    await session.run({ x })
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(8)
    await session.dispose()
  })

  it('a value that is an output, and used further on, is kept', async () => {
    const session = await tfjs({ backendName: 'spy' }).compile(
      { ...network, outputs: { early: 'conv1', y: network.outputs.y, again: 'conv1', input: 'x' } },
      paramsOf(network),
    )
    const { early, again, input, y } = await session.run({ x })
    expect(y.shape).toEqual([1, 5, 5, 4])
    expect([...early.data]).toEqual([...again.data])
    expect([...input.data]).toEqual([...x.data])
    expect(new Set([early, again, input, x].map(({ data }) => data.buffer)).size).toBe(4)
    await session.dispose()
  })

  it('a failed run leaves none behind, and the next one works', async () => {
    const session = await compile()
    const before = tensorCount()
    let kernels = 0
    spy.beforeKernel = () => {
      if (++kernels === 8) throw new Error('no more memory')
    }
    const failure = await session.run({ x }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(BackendError)
    expect((failure as Error).message).toBe(
      "node 'silu3' (activation): expected 'tfjs-spy' to compute it, found no more memory.",
    )
    expect(tensorCount()).toBe(before)
    await expect(session.run({ x })).resolves.toHaveProperty('y')
    await session.dispose()
  })

  it('a failed compile leaves none behind', async () => {
    const before = tensorCount()
    const broken = { shape: [4, 4, 3, 3], read: () => new Float32Array(1) }
    const params = new Map([...paramsOf(network), ['conv5.weight', broken]])
    await expect(tfjs({ backendName: 'spy' }).compile(network, params)).rejects.toThrow("parameter 'conv5.weight'")
    expect(tensorCount()).toBe(before)
  })

  it('a scope that the caller has open disposes of nothing of ours, and we of nothing of theirs', async () => {
    await setBackend('cpu')
    engine().startScope()
    const theirs = tfTensor([1, 2, 3])
    const session = await compile()
    const run = session.run({ x })
    engine().endScope(theirs)
    const { y } = await run
    expectClose((await session.run({ x })).y.data, y.data, 0)
    expect(theirs.isDisposed).toBe(false)
    theirs.dispose()
    await session.dispose()
  })

  it('a parameter is copied, for it may be a part of a checkpoint', async () => {
    const graph = graphOf(4, (g, value) => g.batchNorm(value, { name: 'norm' }))
    const params = paramsOf(graph)
    const session = await tfjs({ backendName: 'spy' }).compile(graph, params)
    const before = await session.run({ x })
    for (const { read } of params.values()) read().fill(0)
    expectClose((await session.run({ x })).y.data, before.y.data, 0)
    await session.dispose()
  })
})

describe('the current backend of tfjs', () => {
  afterEach(() => setBackend('cpu'))

  it('is as it was after compiling and running, and between bursts', async () => {
    await setBackend('cpu')
    const seen = new Set<string>()
    const watch = setInterval(() => seen.add(getBackend()), 1)
    slowDown()
    const session = await compile()
    await session.run({ x })
    clearInterval(watch)
    expect([...seen]).toEqual(['cpu'])
    expect(getBackend()).toBe('cpu')
    await session.dispose()
  })

  it('is none where there was none', async () => {
    const none = registerSpy('none')
    await setBackend(none.backendName)
    removeBackend(none.backendName)
    expect(getBackend()).toBe(null)
    const session = await compile()
    await session.run({ x })
    expect(getBackend()).toBe(null)
    expect(engine().backendNames()).toEqual(['cpu', 'spy'])
    await session.dispose()
  })

  it('is as it was after a failure', async () => {
    await setBackend('cpu')
    const session = await compile()
    spy.beforeKernel = () => {
      throw new Error('broken')
    }
    await expect(session.run({ x })).rejects.toThrow('broken')
    expect(getBackend()).toBe('cpu')
    await session.dispose()
  })

  it('that the caller is setting just now is waited for', async () => {
    const session = await compile()
    let start: () => void = () => undefined
    registerSpy(
      'slow to start',
      () =>
        new Promise((resolve) => {
          start = resolve
        }),
    )
    const set = setBackend('slow to start')
    const run = session.run({ x })
    setTimeout(start, 20)
    expect(await set).toBe(true)
    await run
    expect(getBackend()).toBe('slow to start')
    await setBackend('cpu')
    removeBackend('slow to start')
    await session.dispose()
  })

  it('stays usable while ours starts', async () => {
    await setBackend('cpu')
    registerSpy('ours', () => new Promise((resolve) => setTimeout(resolve, 20)))
    const compiling = tfjs({ backendName: 'ours' }).compile(network, paramsOf(network))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const total = sum(tfTensor([1, 2]))
    expect((await total.data())[0]).toBe(3)
    const session = await compiling
    expect((await session.run({ x })).y.shape).toEqual([1, 5, 5, 4])
    await session.dispose()
    removeBackend('ours')
  })
})

describe('turns', () => {
  it('runs of several sessions do not mix', async () => {
    const graphs = [chain(4), graphOf(4, (g, value) => g.softmax(g.relu(g.add(value, value))))]
    const [first, second] = await Promise.all(graphs.map(compile))
    const kernels = slowDown()
    await Promise.all([first.run({ x }), second.run({ x })])
    expect(kernels.slice(-3)[0]).toBe('Add')
    expect(kernels.slice(0, -3)).not.toContain('Add')
    await Promise.all([first.dispose(), second.dispose()])
  })

  it('a failed run does not hold up the next', async () => {
    const session = await compile()
    const wrong = session.run({ x: tensor([1, 5, 5, 3], values(75)) })
    const right = session.run({ x })
    await expect(wrong).rejects.toBeInstanceOf(ShapeError)
    await expect(right).resolves.toHaveProperty('y')
    await session.dispose()
  })

  it('a disposed session ends its runs, and takes no more', async () => {
    const before = tensorCount()
    const session = await compile()
    slowDown()
    const run = session.run({ x })
    const disposal = session.dispose()
    await expect(session.run({ x })).rejects.toThrow('expected a session in use, found one that was disposed of')
    await expect(run).resolves.toHaveProperty('y')
    await disposal
    await session.dispose()
    expect(tensorCount()).toBe(before)
  })
})

describe('a signal', () => {
  it('that was aborted before', async () => {
    const session = await compile()
    const kernels = slowDown()
    await expect(session.run({ x }, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
    expect(kernels).toEqual([])
    await session.dispose()
  })

  it('ends a run between two nodes', async () => {
    const session = await compile()
    const before = tensorCount()
    const kernels = slowDown()
    const all = 3 * 6
    await expect(session.run({ x }, { signal: AbortSignal.timeout(40) })).rejects.toThrow(/timeout/)
    expect(kernels.length).toBeGreaterThan(0)
    expect(kernels.length).toBeLessThan(all)
    expect(tensorCount()).toBe(before)
    await session.dispose()
  })

  it('ends a run that waits for its turn', async () => {
    const session = await compile()
    const kernels = slowDown()
    const first = session.run({ x })
    const controller = new AbortController()
    const second = session.run({ x }, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    await first
    expect(kernels.length).toBe(3 * 6)
    await session.dispose()
  })
})

describe('availability', () => {
  it('an unknown backend has a reason, and cannot compile', async () => {
    const backend = tfjs({ backendName: 'abacus' })
    const reason =
      "the TensorFlow.js backend 'abacus': expected a registered backend, found only cpu, spy; " +
      "import '@tensorflow/tfjs-backend-abacus' first"
    expect(await backend.isAvailable()).toEqual({ available: false, reason })
    await expect(backend.compile(network, paramsOf(network))).rejects.toThrow(BackendError)
  })

  it('a backend that fails to start has its own reason, however it is thrown', async () => {
    for (const thrown of [new Error('no adapter'), { message: 'no adapter' }, 'no adapter']) {
      registerSpy('failing', () => Promise.reject(thrown))
      const backend = tfjs({ backendName: 'failing' })
      expect(await backend.isAvailable()).toEqual({ available: false, reason: 'no adapter' })
      await expect(backend.compile(network, paramsOf(network))).rejects.toThrow(
        "backend 'tfjs-failing': expected to be available, found no adapter.",
      )
      removeBackend('failing')
    }
  })

  it('a setup registers the backend, and describes it', async () => {
    let setups = 0
    const backend = tfjs({
      backendName: 'late',
      name: 'mine',
      async setup(initialise) {
        if (setups++ === 0) registerSpy('late')
        await initialise()
        return { device: 'a machine', notes: ['It is slow.'] }
      },
    })
    expect(backend.name).toBe('mine')
    expect(setups).toBe(0)
    expect(await backend.isAvailable()).toEqual({ available: true, device: 'a machine' })
    const session = await backend.compile(network, paramsOf(network))
    expect(session.describe()).toEqual({ backend: 'mine', device: 'a machine', notes: ['It is slow.'] })
    await session.dispose()
    removeBackend('late')
  })

  it('says what it is without a setup', async () => {
    const session = await compile()
    const device = "TensorFlow.js, its backend 'spy'"
    expect(session.describe()).toEqual({ backend: 'tfjs-spy', device, notes: [] })
    await session.dispose()
  })

  it('a backend that was removed is missed', async () => {
    registerSpy('leaving')
    const session = await tfjs({ backendName: 'leaving' }).compile(network, paramsOf(network))
    removeBackend('leaving')
    await expect(session.run({ x })).rejects.toThrow('expected an initialised backend, found one that was removed')
  })

  it('graphs and parameters that do not fit are refused before anything else', async () => {
    const params = new Map([...paramsOf(network)].filter(([key]) => key !== 'conv0.weight'))
    await expect(tfjs({ backendName: 'abacus' }).compile(network, params)).rejects.toThrow("no 'conv0.weight'")
    params.set('conv0.weight', parameter([4, 4, 1, 1], new Float32Array(sizeOf([4, 4, 1, 1]))))
    await expect(compile({ ...network, outputs: {} })).rejects.toThrow('expected at least one output')
  })
})
