import {
  activationKinds,
  type Backend,
  BackendError,
  inputsOf,
  type Shape,
  type Tensor,
  tensor,
} from '@resnet-ts/graph'
import { exportOnnx, type OnnxOptions } from '@resnet-ts/onnx'

/** What onnxruntime-node and onnxruntime-web have in common, as far as it is used here. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(
      file: Uint8Array,
      options: { readonly logSeverityLevel: 3; readonly intraOpNumThreads: 1 },
    ): Promise<OnnxSession>
  }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxValue
}

interface OnnxSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, OnnxValue>>): Promise<Readonly<Record<string, OnnxValue>>>
  release(): Promise<void>
}

interface OnnxValue {
  readonly dims: readonly number[]
  readonly data: unknown
}

/** The networks that are exported with these options, run by onnxruntime as anyone would run them. */
export function exported(runtime: OnnxRuntime, options: OnnxOptions = {}): Backend {
  const isMoved = options.layout !== 'nhwc'
  return {
    name: 'exported',
    fusedForms: { residual: true, activations: activationKinds },
    isAvailable: async () => ({ available: true }),
    async compile(graph, params) {
      const file = exportOnnx({ graph, params }, options)
      const session = await runtime.InferenceSession.create(file, { logSeverityLevel: 3, intraOpNumThreads: 1 })
      return {
        async run(inputs) {
          const feeds = inputsOf(graph).map(({ name }, index) => {
            const { shape, data } = move(inputs[name], isMoved ? [0, 3, 1, 2] : [0, 1, 2, 3])
            return [session.inputNames[index], new runtime.Tensor('float32', data, shape)] as const
          })
          const outputs = await session.run(Object.fromEntries(feeds))
          const named = Object.keys(graph.outputs).map((name, index) => {
            const { dims, data } = outputs[session.outputNames[index]]
            if (!(data instanceof Float32Array)) {
              throw new BackendError({ subject: name, expected: 'float32 values', found: typeof data })
            }
            return [name, move(tensor(dims, data), isMoved ? [0, 2, 3, 1] : [0, 1, 2, 3])] as const
          })
          return Object.fromEntries(named)
        },
        describe: () => ({ backend: 'exported', device: 'onnxruntime', notes: [] }),
        dispose: () => session.release(),
      }
    },
  }
}

/** A map with its axes in another order; a vector as it is. */
function move({ shape, data }: Tensor, axes: readonly number[]): Tensor {
  if (shape.length !== 4) return tensor(shape, data)
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const to: Shape = axes.map((axis) => shape[axis])
  const [s0, s1, s2, s3] = axes.map((axis) => strides[axis])
  const moved = new Float32Array(data.length)
  let at = 0
  for (let a = 0; a < to[0]; a++) {
    for (let b = 0; b < to[1]; b++) {
      for (let c = 0; c < to[2]; c++) {
        for (let d = 0; d < to[3]; d++) moved[at++] = data[a * s0 + b * s1 + c * s2 + d * s3]
      }
    }
  }
  return tensor(to, moved)
}
