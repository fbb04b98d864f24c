import { webgpu } from '@resnet-ts/backend-webgpu'
import { BackendError, type Tensor } from '@resnet-ts/graph'
import { countGpu } from '@resnet-ts/testing/gpuCounts'
import { imageOf, layer, network, paramsOf } from './network.js'

const counts = countGpu()
/** The devices that were asked for so far, the last of them at the end. */
const devices: GPUDevice[] = []
const requestDevice = GPUAdapter.prototype.requestDevice
GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...given) {
  const device = await requestDevice.apply(this, given)
  devices.push(device)
  return device
}

const graph = network()
const options = { imageSize: 32 }

async function messageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'nothing was thrown'
  } catch (error) {
    return `${error instanceof BackendError ? 'BackendError' : 'Error'}: ${(error as Error).message}`
  }
}

const plain = (outputs: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]))

/** What changes in the counts while something is done. */
async function counted(work: () => Promise<unknown>) {
  const before = { ...counts }
  await work()
  return Object.fromEntries(
    Object.entries(counts).map(([name, value]) => [name, value - before[name as keyof typeof counts]]),
  )
}

/** What a test can have the page do; each tells what it saw. */
const scenarios = {
  async computes() {
    const session = await webgpu(options).compile(graph, paramsOf(graph))
    const outputs = await session.run({ image: imageOf(32) })
    const description = session.describe()
    await session.dispose()
    return { outputs: plain(outputs), description }
  },

  async inWorker() {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    const outputs = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data)
    })
    worker.terminate()
    return outputs
  },

  async counts() {
    const backend = webgpu(options)
    const before = devices.length
    let session = await backend.compile(graph, paramsOf(graph))
    await session.dispose()
    const compile = await counted(async () => {
      session = await backend.compile(graph, paramsOf(graph))
    })
    const first = await counted(() => session.run({ image: imageOf(32) }))
    const second = await counted(() => session.run({ image: imageOf(32) }))
    const other = await backend.compile(graph, paramsOf(graph))
    const disposed = await counted(() => session.dispose())
    const again = await counted(() => other.run({ image: imageOf(32) }))
    await other.dispose()
    return { compile, first, second, disposed, again, devices: devices.length - before }
  },

  async begins() {
    const tf = await import('@tensorflow/tfjs-core')
    const backends = () => tf.engine().backendNames().length
    const before = { devices: devices.length, backends: backends() }
    const backend = webgpu(options)
    const unused = backend.begin?.()
    await unused?.end()
    const left = backends() - before.backends
    const beginning = backend.begin?.()
    const session = await backend.compile(graph, paramsOf(graph), beginning)
    await beginning?.end()
    const outputs = await session.run({ image: imageOf(32) })
    await session.dispose()
    return {
      outputs: plain(outputs),
      left: [left, backends() - before.backends],
      devices: devices.length - before.devices,
    }
  },

  async loss() {
    const backend = webgpu(options)
    const session = await backend.compile(graph, paramsOf(graph))
    await session.run({ image: imageOf(32) })
    const running = messageOf(session.run({ image: imageOf(64) }))
    devices.at(-1)?.destroy()
    const during = await running
    const after = await messageOf(session.run({ image: imageOf(32) }))
    const another = await backend.compile(graph, paramsOf(graph))
    const outputs = await another.run({ image: imageOf(32) })
    await session.dispose()
    const still = await another.run({ image: imageOf(32) })
    await another.dispose()
    return { during, after, outputs: plain(outputs), still: plain(still) }
  },

  async absence() {
    const reasons: unknown[] = []
    const compiles: string[] = []
    const ask = async () => {
      reasons.push(await webgpu().isAvailable())
      compiles.push(await messageOf(webgpu().compile(graph, paramsOf(graph))))
    }
    await withProperty(GPU.prototype, 'requestAdapter', { value: async () => null }, ask)
    await withProperty(navigator, 'gpu', { value: undefined }, ask)
    await withProperty(
      GPU.prototype,
      'requestAdapter',
      { value: () => Promise.reject(new Error('driver trouble')) },
      ask,
    )
    await withProperty(
      GPUAdapter.prototype,
      'requestDevice',
      { value: () => Promise.reject(new Error('too busy')) },
      ask,
    )
    return { reasons, compiles }
  },

  async smallBuffers() {
    const wide = layer(1024, 1024)
    const limits = { value: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 21 } }
    const withLimits = async (work: () => Promise<unknown>) => {
      const known = requestDevice
      const small = async function (this: GPUAdapter, ...given: Parameters<GPUAdapter['requestDevice']>) {
        const device = await known.apply(this, given)
        const all: Record<string, number> = {}
        for (const name in device.limits) all[name] = device.limits[name as 'maxBufferSize']
        return Object.defineProperty(device, 'limits', { value: { ...all, ...limits.value } })
      }
      await withProperty(GPUAdapter.prototype, 'requestDevice', { value: small }, work)
    }
    const seen = { weights: '', value: '', rest: '' }
    await withLimits(async () => {
      seen.weights = await messageOf(webgpu().compile(wide, paramsOf(wide)))
      const session = await webgpu(options).compile(graph, paramsOf(graph))
      seen.value = await messageOf(session.run({ image: imageOf(512) }))
      seen.rest = await messageOf(session.run({ image: imageOf(32) }))
      await session.dispose()
    })
    return seen
  },

  async besideOthers() {
    await import('@tensorflow/tfjs-backend-cpu')
    const tf = await import('@tensorflow/tfjs-core')
    const before = tf.engine().backendNames().length
    await tf.setBackend('cpu')
    const theirs = tf.tensor([1, 2, 3])
    const tensors = tf.memory().numTensors
    const session = await webgpu(options).compile(graph, paramsOf(graph))
    const seen: string[] = []
    const running = session.run({ image: imageOf(32) })
    seen.push(tf.getBackend())
    const sum = tf.add(theirs, theirs)
    const theirSum = [...(await sum.data())]
    sum.dispose()
    await running
    seen.push(tf.getBackend())
    await session.dispose()
    return {
      seen,
      theirSum,
      tensorsLeft: tf.memory().numTensors - tensors,
      backendsLeft: tf.engine().backendNames().length - before,
      compilesOnly: tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY'),
    }
  },

  async f16() {
    const adapter = await navigator.gpu.requestAdapter()
    const session = await webgpu({ ...options, f16: true }).compile(graph, paramsOf(graph))
    const outputs = await session.run({ image: imageOf(32) })
    const description = session.describe()
    await session.dispose()
    return { outputs: plain(outputs), description, has: adapter?.features.has('shader-f16') ?? false }
  },
}

/** The value that a property has while something is done. */
async function withProperty<Owner extends object>(
  owner: Owner,
  name: keyof Owner,
  descriptor: PropertyDescriptor,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { ...descriptor, configurable: true })
  try {
    await work()
  } finally {
    if (before) Object.defineProperty(owner, name, before)
    else delete owner[name]
  }
}

export type Scenarios = typeof scenarios

Object.assign(globalThis, { scenarios })
