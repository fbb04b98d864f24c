import { importTfjsHost, type TfjsHost } from '@resnet-ts/backend-tfjs'
import { BackendError, type Shape, sizeOf } from '@resnet-ts/graph'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Tensor } from '@tensorflow/tfjs-core'
import { requestAdapter, requestDevice } from './adapter.js'
import { Guard } from './guard.js'
import type { WebgpuOptions } from './options.js'
import { allowDirectives, type Dispatch, toTfjs } from './program.js'

type Environment = ReturnType<typeof import('@tensorflow/tfjs-core').env>

/** The flag of tfjs's with which a program is compiled, on another thread, and not run. */
const compileOnly = 'WEBGPU_ENGINE_COMPILE_ONLY'

/** A device, and tfjs's WebGPU backend on it, under a name that nobody else has. */
export class Gpu {
  readonly adapter: GPUAdapter
  readonly device: GPUDevice
  readonly guard: Guard
  /** The backend's name in tfjs. */
  readonly backendName = `@resnet-ts/backend-webgpu/${crypto.randomUUID()}`
  readonly host: TfjsHost
  readonly #backend: WebGPUBackend
  readonly #env: Environment
  /** Whether programs are compiled, and not run. */
  #compiles = false

  private constructor(
    adapter: GPUAdapter,
    device: GPUDevice,
    host: TfjsHost,
    backend: WebGPUBackend,
    env: Environment,
  ) {
    this.adapter = adapter
    this.device = device
    this.guard = new Guard(device)
    this.host = host
    this.#backend = backend
    this.#env = env
    host.engine.adopt(this.backendName, backend)
  }

  /** @throws {BackendError} when there is no adapter, or it gives no device */
  static async open(options: WebgpuOptions): Promise<Gpu> {
    const adapter = await requestAdapter(options)
    const [host, { WebGPUBackend }, { env }] = await Promise.all([
      importTfjsHost('webgpu'),
      // Without tfjs's own kernels, none of which is used.
      import('@tensorflow/tfjs-backend-webgpu/dist/base.js'),
      import('@tensorflow/tfjs-core'),
    ])
    const device = await requestDevice(adapter, options)
    allowDirectives(device)
    return new Gpu(adapter, device, host, new WebGPUBackend(device as never, adapter.info as never), env())
  }

  /** Bytes of GPU memory for values, those that wait for their next use included. */
  get valueBytes(): number {
    return this.#backend.memory().numBytesAllocatedInGPU
  }

  /** A tensor over a buffer, which stays the caller's. */
  tensorOf(buffer: GPUBuffer, size: number, dtype: 'float32' | 'int32'): Tensor {
    const data = { buffer, zeroCopy: true }
    // Kept, so that a scope that the caller may have open does not dispose of it.
    return this.host.tf.keep(this.#backend.createTensorFromGPUData(data as never, [size], dtype))
  }

  /** Runs a program, whose result has this shape. */
  run(dispatch: Dispatch, inputs: readonly Tensor[], shape: Shape): Tensor {
    const size = sizeOf(shape)
    const backend = this.#backend
    const output = backend.makeTensorInfo([size], 'float32')
    const result = this.host.tf.engine().makeTensorFromTensorInfo({ ...output, shape: [...shape] }, backend as never)
    const uniforms = dispatch.program.uniforms.map((name) => ({ type: 'int32', data: [dispatch.uniforms[name]] }))
    // tfjs compiles a program once for each relation of shapes; our programs have theirs in uniforms.
    const [to, ...from] = [output, ...inputs].map(({ dataId, dtype }) => ({ dataId, dtype, shape: [1] }))
    const program = toTfjs(dispatch)
    this.#inMode(() => backend.runWebGPUProgram(program, from, 'float32', uniforms, to))
    // A failure is told of where it is waited for.
    if (program.pipeline instanceof Promise) program.pipeline.catch(() => undefined)
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
    try {
      await this.#backend.checkCompileCompletionAsync()
    } catch (cause) {
      const found = cause instanceof Error ? cause.message.split('\n', 1)[0].replace(/\.$/, '') : String(cause)
      throw new BackendError({ subject: "backend 'webgpu'", expected: 'its shaders to compile', found, cause })
    }
  }

  /** The values of some tensors, read together. */
  async read(values: readonly Tensor[]): Promise<Float32Array[]> {
    if (values.length === 0) return []
    this.#submit()
    const ends: number[] = []
    for (const { size } of values) ends.push((ends.at(-1) ?? 0) + 4 * size)
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
    const staging = this.device.createBuffer({ size: ends.at(-1)!, usage })
    try {
      const encoder = this.device.createCommandEncoder()
      for (const [index, { dataId, size }] of values.entries()) {
        const buffer = this.#backend.tensorMap.get(dataId).resource as GPUBuffer
        encoder.copyBufferToBuffer(buffer, 0, staging, ends[index] - 4 * size, 4 * size)
      }
      this.device.queue.submit([encoder.finish()])
      await staging.mapAsync(GPUMapMode.READ)
      const all = staging.getMappedRange()
      return values.map(({ size }, index) => new Float32Array(all.slice(ends[index] - 4 * size, ends[index])))
    } finally {
      staging.destroy()
    }
  }

  /** Frees everything. */
  close(): void {
    this.host.engine.dismiss(this.backendName)
    this.device.destroy()
  }

  /** Has the GPU do what tfjs has recorded so far. */
  #submit(): void {
    this.#backend.ensureCommandEncoderReady()
    this.#backend.endComputePassEncoder()
    this.#backend.submitQueue()
  }

  /** tfjs's flag is set while tfjs looks at it, and no longer: it counts for the caller's own computations too. */
  #inMode(work: () => void): void {
    const before = this.#env.getBool(compileOnly)
    this.#env.set(compileOnly, this.#compiles)
    try {
      work()
    } finally {
      this.#env.set(compileOnly, before)
    }
  }
}
