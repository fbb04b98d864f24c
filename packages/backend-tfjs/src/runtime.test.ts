import { BackendError, lower, ShapeError, tensor } from '@resnet-ts/graph'
import { add, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { compileTfjs, importTfjsHost, type Kernel, type TfjsRuntime } from './index.js'
import { graphOf } from './testing/networks.js'
import { registerSpy, silence, tensorCount } from './testing/spy.js'

beforeAll(() => {
  silence()
  registerSpy('runtime')
})

/** `y = x + x`, and what is put out early. */
const graph = { ...graphOf(1, (g, x) => g.add(x, x)) }
const network = lower(
  { graph: { ...graph, outputs: { ...graph.outputs, x: 'x', again: graph.outputs.y } }, params: new Map() },
  {
    residual: false,
    activations: [],
  },
)
const xOf = (width: number) => ({
  x: tensor(
    [1, 1, width, 1],
    Float32Array.from({ length: width }, (_, index) => index),
  ),
})

const twice: Kernel = ([x, y]) => add(x, y)
const handOn: Kernel = ([x]) => x.clone()

/** A runtime that tells what it is asked for. */
function told(parts: Partial<TfjsRuntime> = {}) {
  const calls: string[] = []
  const runtime: Omit<TfjsRuntime, 'host'> = {
    backendName: 'runtime',
    device: { device: 'a spy', notes: [] },
    kernelOf: (node) => {
      if (node.op === 'input') return handOn
      return (inputs, shape) => {
        calls.push(`kernel ${shape.join('×')}`)
        return twice(inputs, shape)
      }
    },
    async prepare(pass) {
      calls.push('prepare')
      await pass()
      calls.push('prepared')
    },
    async read(values: readonly Tensor[]) {
      calls.push(`read ${values.length}`)
      return Promise.all(values.map(async (value) => (await value.data()) as Float32Array))
    },
    close: () => calls.push('close'),
    ...parts,
  }
  const open = async () => {
    const host = await importTfjsHost('spy')
    await host.engine.enqueue(() => host.engine.initialise('runtime'))
    return { host, ...runtime }
  }
  return { calls, open }
}

it('is made ready for each new size once, and reads the outputs that it computed together', async () => {
  const before = tensorCount()
  const { calls, open } = told()
  const session = await compileTfjs(network, { name: 'spy', open, inputs: { x: [1, 1, 2, 1] } })
  expect(calls.splice(0)).toEqual(['prepare', 'kernel 1×1×2×1', 'prepared'])
  const { y, x, again } = await session.run(xOf(2))
  expect([...y.data, ...x.data, ...again.data]).toEqual([0, 2, 0, 1, 0, 2])
  expect(y.data.buffer).not.toBe(again.data.buffer)
  expect(calls.splice(0)).toEqual(['kernel 1×1×2×1', 'read 1'])
  await session.run(xOf(3))
  await session.run(xOf(3))
  expect(calls.splice(0)).toEqual([
    ...['prepare', 'kernel 1×1×3×1', 'prepared', 'kernel 1×1×3×1', 'read 1'],
    ...['kernel 1×1×3×1', 'read 1'],
  ])
  await Promise.all([session.dispose(), session.dispose()])
  expect(calls).toEqual(['close'])
  expect(tensorCount()).toBe(before)
})

it('guards every compilation and run, and what it throws is what the caller gets', async () => {
  let guarded = 0
  const lost = new BackendError({ subject: 'the device', expected: 'to be there', found: 'nothing' })
  const { open } = told({
    async guard(work) {
      guarded += 1
      await work()
      if (guarded > 2) throw lost
      return work()
    },
  })
  const session = await compileTfjs(network, { name: 'spy', open })
  await session.run(xOf(1))
  expect(guarded).toBe(2)
  await expect(session.run(xOf(1))).rejects.toBe(lost)
  await session.dispose()
})

it('is closed once when a compilation fails', async () => {
  const before = tensorCount()
  const { calls, open } = told({
    prepare: async () => {
      throw new BackendError({ subject: 'it', expected: 'to work', found: 'no memory' })
    },
  })
  await expect(compileTfjs(network, { name: 'spy', open, inputs: { x: [1, 1, 2, 1] } })).rejects.toThrow('no memory')
  expect(calls).toEqual(['close'])
  expect(tensorCount()).toBe(before)
})

it('that cannot be opened says why, as a BackendError', async () => {
  const open = () => Promise.reject(new Error('no adapter'))
  const failure = await compileTfjs(network, { name: 'spy', open }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(BackendError)
  expect((failure as Error).message).toBe("backend 'spy': expected to be available, found no adapter.")
})

it('is asked nothing for inputs that do not fit', async () => {
  const { calls, open } = told()
  const session = await compileTfjs(network, { name: 'spy', open })
  await expect(session.run({})).rejects.toBeInstanceOf(ShapeError)
  expect(calls).toEqual([])
  await session.dispose()
})
