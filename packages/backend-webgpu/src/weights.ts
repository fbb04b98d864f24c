import type { Tensor } from '@tensorflow/tfjs-core'
import type { Gpu } from './gpu.js'

/** The parameters of a session on the GPU, in buffers of their own: tfjs would keep theirs for others of the same size. */
export class Weights {
  readonly #gpu: Gpu
  readonly #buffers: GPUBuffer[] = []
  readonly #tensors: Tensor[] = []

  constructor(gpu: Gpu) {
    this.#gpu = gpu
  }

  get bytes(): number {
    return this.#buffers.reduce((sum, { size }) => sum + size, 0)
  }

  upload(values: Float32Array | Int32Array): Tensor {
    const buffer = this.#gpu.device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
      mappedAtCreation: true,
    })
    this.#buffers.push(buffer)
    const mapped = buffer.getMappedRange()
    if (values instanceof Float32Array) new Float32Array(mapped).set(values)
    else new Int32Array(mapped).set(values)
    buffer.unmap()
    const tensor = this.#gpu.tensorOf(buffer, values.length, values instanceof Float32Array ? 'float32' : 'int32')
    this.#tensors.push(tensor)
    return tensor
  }

  free(): void {
    for (const tensor of this.#tensors.splice(0)) tensor.dispose()
    for (const buffer of this.#buffers.splice(0)) buffer.destroy()
  }
}
