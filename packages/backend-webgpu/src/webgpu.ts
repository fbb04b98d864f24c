import { compileTfjs } from '@resnet-ts/backend-tfjs'
import {
  activationKinds,
  type Backend,
  type Graph,
  inferShapes,
  inputsOf,
  lower,
  ResnetError,
  type Shape,
  ShapeError,
} from '@resnet-ts/graph'
import { deviceOf, requestAdapter } from './adapter.js'
import { checkOptions, type WebgpuOptions } from './options.js'
import { openRuntime } from './runtime.js'
import { SharedGpu } from './sharedGpu.js'

const fusedForms = { residual: true, activations: activationKinds }

/**
 * Computes on the GPU, by way of TensorFlow.js and shaders of our own: one dispatch a node, bias, residual and
 * activation included, and one readback a run. Each session has a device of its own; when that is lost, its runs fail,
 * and a new `compile` works again. TensorFlow.js is imported by the first `compile`.
 *
 * @throws {OptionError} when an option is out of range
 */
export function webgpu(options: WebgpuOptions = {}): Backend {
  checkOptions(options)
  const shared = new SharedGpu(options)
  return {
    name: 'webgpu',
    fusedForms,
    async isAvailable() {
      try {
        return { available: true, device: deviceOf(await requestAdapter(options), options) }
      } catch (error) {
        if (error instanceof ResnetError) return { available: false, reason: error.details.found }
        throw error
      }
    },
    async compile(graph, params, beginning) {
      try {
        const network = lower({ graph, params }, fusedForms)
        return await compileTfjs(network, {
          name: 'webgpu',
          open: () => openRuntime(shared, options),
          inputs: usualInputs(network.graph, options),
        })
      } finally {
        // By now the session holds the device itself, or there is none.
        await beginning?.end()
      }
    },
    begin: () => shared.begin(),
  }
}

/** The shapes of the inputs that are to be expected: an image, if that is all, and the network takes it. */
function usualInputs(graph: Graph, { imageSize = 224 }: WebgpuOptions): Readonly<Record<string, Shape>> | undefined {
  const [image, ...others] = inputsOf(graph)
  if (others.length > 0 || image.type.rank !== 4) return undefined
  const shapes = { [image.name]: [1, imageSize, imageSize, image.type.channels] }
  try {
    inferShapes(graph, shapes)
    return shapes
  } catch (error) {
    if (error instanceof ShapeError) return undefined
    throw error
  }
}
