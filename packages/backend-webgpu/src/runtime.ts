import type { TfjsRuntime } from '@resnet-ts/backend-tfjs'
import { BackendError, type Node, sizeOf } from '@resnet-ts/graph'
import { bytes, deviceOf, largestBuffer, notesOf } from './adapter.js'
import type { Gpu } from './gpu.js'
import type { Context } from './kernels/context.js'
import { kernelOf } from './kernels/index.js'
import type { WebgpuOptions } from './options.js'
import type { SharedGpu } from './sharedGpu.js'
import { Weights } from './weights.js'

/** What computes a session: the shared device, and the session's own weights on it. */
export async function openRuntime(shared: SharedGpu, options: WebgpuOptions): Promise<TfjsRuntime> {
  const gpu = await shared.acquire()
  const { adapter, device } = gpu
  const weights = new Weights(gpu)
  return {
    host: gpu.host,
    backendName: gpu.backendName,
    device: {
      device: deviceOf(adapter, options),
      notes: notesOf(adapter, device, options),
      get memoryBytes() {
        return weights.bytes + gpu.valueBytes
      },
    },
    kernelOf: (node, params) => kernelOf(node, params, contextOf(node, gpu, weights)),
    prepare: (pass) => gpu.compileOnly(pass),
    read: (values) => gpu.read(values),
    guard: (work) => gpu.guard.around(work),
    close() {
      weights.free()
      shared.release(gpu)
    },
  }
}

function contextOf(node: Node, gpu: Gpu, weights: Weights): Context {
  const { device } = gpu
  return {
    f16: device.features.has('shader-f16'),
    mostInputs: device.limits.maxStorageBuffersPerShaderStage - 1,
    upload(values) {
      checkSize(device, node, 'weights', values.byteLength)
      return weights.upload(values)
    },
    run(dispatch, inputs, shape) {
      checkSize(device, node, 'value', 4 * sizeOf(shape))
      return gpu.run(dispatch, inputs, shape)
    },
  }
}

function checkSize(device: GPUDevice, { name, op }: Node, what: string, size: number): void {
  const most = largestBuffer(device)
  if (size <= most) return
  throw new BackendError({
    subject: `the ${what} of node '${name}' (${op})`,
    expected: `at most ${bytes(most)}, all that a buffer of this adapter holds`,
    found: bytes(size),
    advice: 'compute with another backend',
  })
}
