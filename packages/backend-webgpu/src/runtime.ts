import type { TfjsHost, TfjsRuntime } from '@resnet-ts/backend-tfjs'
import { BackendError } from '@resnet-ts/graph'
import { nameOf, notesOf, requestAdapter, requestDevice } from './adapter.js'
import { Gpu } from './gpu.js'
import { kernelOf } from './kernels/index.js'
import type { WebgpuOptions } from './options.js'
import { allowDirectives } from './program.js'

/**
 * A device for one session, and tfjs's WebGPU backend on it, under a name that nobody else has: what happens to one
 * session is no matter to others, nor to what the caller does with tfjs.
 *
 * @throws {BackendError} when there is no adapter, or it gives no device
 */
export async function openRuntime({ tf, engine }: TfjsHost, options: WebgpuOptions): Promise<TfjsRuntime> {
  const adapter = await requestAdapter(options)
  const [{ WebGPUBackend }, { env }] = await Promise.all([
    import('@tensorflow/tfjs-backend-webgpu/dist/base.js'),
    import('@tensorflow/tfjs-core'),
  ])
  const device = await requestDevice(adapter, options)
  allowDirectives(device)
  const backendName = `@resnet-ts/backend-webgpu/${crypto.randomUUID()}`
  const backend = new WebGPUBackend(device as never, adapter.info as never)
  engine.adopt(backendName, backend)
  const gpu = new Gpu(tf, env(), backend, device)
  const words = device.features.has('shader-f16') ? '16-bit floats' : '32-bit floats'
  return {
    backendName,
    device: {
      device: `WebGPU on ${nameOf(adapter)}, ${words}`,
      notes: notesOf(adapter, device, options),
      get memoryBytes() {
        return gpu.memoryBytes
      },
    },
    kernelOf: (node, params, upload) => kernelOf(node, params, gpu.contextOf(node, upload)),
    prepare: (pass) => gpu.compileOnly(pass),
    read: (values) => gpu.read(values),
    guard: guardOf(device),
    close() {
      engine.dismiss(backendName)
      device.destroy()
    },
  }
}

/** Turns what goes wrong on the device into errors: WebGPU tells of it elsewhere, and later. */
function guardOf(device: GPUDevice): NonNullable<TfjsRuntime['guard']> {
  let lost: BackendError | undefined
  const loss = device.lost.then(({ message }) => {
    lost = new BackendError({
      subject: "backend 'webgpu'",
      expected: 'its GPU device',
      found: `that it was lost${message ? `: ${message.replace(/\.$/, '')}` : ''}`,
      advice: 'compile the graph again',
    })
    return lost
  })
  const failLost = loss.then((error) => {
    throw error
  })
  failLost.catch(() => undefined)
  const kinds = ['validation', 'out-of-memory', 'internal'] as const
  return async (work) => {
    if (lost) throw lost
    for (const kind of kinds) device.pushErrorScope(kind)
    const [outcome] = await Promise.allSettled([Promise.race([work(), failLost])])
    const faults = kinds.map(() => device.popErrorScope().catch(() => null))
    const fault = (await Promise.race([Promise.all(faults), loss.then(() => [])])).find(Boolean)
    if (lost) throw lost
    if (fault) {
      throw new BackendError({
        subject: "backend 'webgpu'",
        expected: 'the GPU to compute',
        found: fault.message.split('\n', 1)[0].replace(/\.$/, '') || 'that it ran out of memory',
        cause: fault,
      })
    }
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}
