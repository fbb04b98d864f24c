import { type Network, onlyInput } from '@resnet-ts/graph'
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common'
import type { Runner, Settings } from '../race/runner.js'
import { nchw, onnxFile } from './onnxFile.js'

/** What onnxruntime-web and onnxruntime-node have in common. */
interface Onnxruntime {
  readonly InferenceSession: {
    create(file: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: TensorConstructor
}

/** A network in one of the builds of onnxruntime, from our own ONNX export, with all of its graph optimisations. */
export async function onnxruntimeRunner(
  about: Pick<Runner, 'name' | 'version' | 'device'>,
  { InferenceSession, Tensor }: Onnxruntime,
  network: Network,
  { shape }: Settings,
  options: InferenceSession.SessionOptions,
): Promise<Runner> {
  const session = await InferenceSession.create(onnxFile(network, shape), {
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...options,
  })
  const name = onlyInput(network.graph)
  const dims = nchw(shape)
  return {
    ...about,
    layout: 'nchw',
    async run(input) {
      const { logits } = await session.run({ [name]: new Tensor('float32', input, dims) })
      return logits!.data as Float32Array
    },
    dispose: () => session.release(),
  }
}
