import type { TfjsHost, Upload } from '@resnet-ts/backend-tfjs'
import { BackendError, type Node, type Shape, sizeOf } from '@resnet-ts/graph'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Tensor } from '@tensorflow/tfjs-core'
import { bytes, largestBuffer } from './adapter.js'
import type { Context } from './kernels/context.js'
import { type Dispatch, toTfjs } from './program.js'

/** Values of a tensor that are on the GPU, or will be. */
type Values = Pick<Tensor, 'dataId' | 'dtype' | 'size'>

type Environment = ReturnType<typeof import('@tensorflow/tfjs-core').env>

/** The flag of tfjs's with which a program is compiled, on another thread, and not run. */
const compileOnly = 'WEBGPU_ENGINE_COMPILE_ONLY'

/** A device of a session's own, with tfjs's WebGPU backend on it. */
export class Gpu {
  readonly #tf: TfjsHost['tf']
  readonly #env: Environment
  readonly #backend: WebGPUBackend
  readonly device: GPUDevice
  /** Whether programs are compiled, and not run. */
  #compiles = false

  constructor(tf: TfjsHost['tf'], env: Environment, backend: WebGPUBackend, device: GPUDevice) {
    this.#tf = tf
    this.#env = env
    this.#backend = backend
    this.device = device
  }

  /** Bytes of GPU memory that are allocated, those that wait for their next use included. */
  get memoryBytes(): number {
    return this.#backend.memory().numBytesAllocatedInGPU
  }

  /** What the kernel of a node is made with. */
  contextOf(node: Node, upload: Upload): Context {
    return {
      f16: this.device.features.has('shader-f16'),
      mostInputs: this.device.limits.maxStorageBuffersPerShaderStage - 1,
      upload: (values) => {
        this.#checkSize(node, 'weights', values.byteLength)
        const weight = upload([values.length], values)
        this.#backend.uploadToGPU(weight.dataId)
        return weight
      },
      run: (dispatch, inputs, shape) => {
        this.#checkSize(node, 'value', 4 * sizeOf(shape))
        return this.#run(dispatch, inputs, shape)
      },
    }
  }

  #run(dispatch: Dispatch, inputs: readonly Values[], shape: Shape): Tensor {
    const size = sizeOf(shape)
    const output = this.#backend.makeTensorInfo([size], 'float32')
    const result = this.#tf.engine().makeTensorFromTensorInfo({ ...output, shape: [...shape] }, this.#backend as never)
    const flat = inputs.map(({ dataId, dtype, size }) => ({ dataId, dtype, shape: [size] }))
    const uniforms = dispatch.program.uniforms.map((name) => ({ type: 'int32', data: [dispatch.uniforms[name]] }))
    this.#inMode(() => this.#backend.runWebGPUProgram(toTfjs(dispatch, size), flat, 'float32', uniforms, output))
    return result
  }

  /** Compiles all programs that `pass` asks for, side by side, and runs none. */
  async compileOnly(pass: () => Promise<void>): Promise<void> {
    this.#compiles = true
    try {
      await pass()
    } finally {
      this.#compiles = false
    }
    await this.#backend.checkCompileCompletionAsync()
  }

  /** The values of some tensors, read together. */
  async read(values: readonly Values[]): Promise<Float32Array[]> {
    const ends: number[] = []
    for (const { size } of values) ends.push((ends.at(-1) ?? 0) + 4 * size)
    if (values.length === 0) return []
    const backend = this.#backend
    // What tfjs has recorded and not submitted yet comes first.
    backend.ensureCommandEncoderReady()
    backend.endComputePassEncoder()
    backend.submitQueue()
    const staging = this.device.createBuffer({
      size: ends.at(-1)!,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    })
    try {
      const encoder = this.device.createCommandEncoder()
      for (const [index, { dataId, size }] of values.entries()) {
        const { resource } = backend.tensorMap.get(dataId)
        encoder.copyBufferToBuffer(resource as GPUBuffer, 0, staging, ends[index] - 4 * size, 4 * size)
      }
      this.device.queue.submit([encoder.finish()])
      await staging.mapAsync(GPUMapMode.READ)
      const all = staging.getMappedRange()
      return values.map(({ size }, index) => new Float32Array(all.slice(ends[index] - 4 * size, ends[index])))
    } finally {
      staging.destroy()
    }
  }

  /** tfjs's flag is set while it looks at it, and no longer: it counts for the caller's own computations too. */
  #inMode(work: () => void): void {
    const before = this.#env.getBool(compileOnly)
    this.#env.set(compileOnly, this.#compiles)
    try {
      work()
    } finally {
      this.#env.set(compileOnly, before)
    }
  }

  #checkSize({ name, op }: Node, what: string, size: number): void {
    const most = largestBuffer(this.device)
    if (size <= most) return
    throw new BackendError({
      subject: `the ${what} of node '${name}' (${op})`,
      expected: `at most ${bytes(most)}, all that a buffer of this adapter holds`,
      found: bytes(size),
      advice: 'compute with another backend',
    })
  }
}
