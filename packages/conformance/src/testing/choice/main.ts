import { type Chosen, chooseFastest, chosenBy, loadOnEither } from './choose.js'

declare global {
  /** What the tests ask a page for. */
  var choice: {
    fastest(): Promise<Chosen>
    /** The same in a worker. */
    fastestInWorker(): Promise<Chosen>
    first(): Promise<Chosen>
    /** Before the device is lost and after. */
    loss(): Promise<{ readonly before: Chosen; readonly after: Chosen }>
    /** Where buffers hold no more than some KiB. */
    small(): Promise<Chosen>
  }
}

/** Does something with each device as it is opened. */
async function withDevices<Result>(see: (device: GPUDevice) => void, work: () => Promise<Result>): Promise<Result> {
  const known = GPUAdapter.prototype.requestDevice
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await known.apply(this, given)
    see(device)
    return device
  }
  try {
    return await work()
  } finally {
    GPUAdapter.prototype.requestDevice = known
  }
}

async function first(): Promise<Chosen> {
  const model = await loadOnEither()
  const chosen = await chosenBy(model)
  await model.dispose()
  return chosen
}

globalThis.choice = {
  fastest: chooseFastest,
  fastestInWorker: () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
      worker.onmessage = ({ data }) => {
        worker.terminate()
        resolve(data)
      }
      worker.onerror = ({ message }) => reject(new Error(message))
    }),
  first,
  loss() {
    const devices: GPUDevice[] = []
    return withDevices(
      (device) => devices.push(device),
      async () => {
        const model = await loadOnEither()
        const before = await chosenBy(model)
        for (const device of devices) device.destroy()
        const after = await chosenBy(model)
        await model.dispose()
        return { before, after }
      },
    )
  },
  small() {
    return withDevices((device) => {
      const limits: Record<string, number> = {}
      for (const name in device.limits) limits[name] = device.limits[name as 'maxBufferSize']
      Object.defineProperty(device, 'limits', { value: { ...limits, maxStorageBufferBindingSize: 2 ** 16 } })
    }, first)
  },
}
