import { goldenParams, goldenTensor, toNHWC } from '@resnet-ts/golden/values'
import { inputsOf, type Network, OptionError, optimise, parameters, type Shape, selectOutputs } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import type { Layout } from './runner.js'

/** A network and images for it, a function of the model's name, the batch and the size alone. */
export interface Course {
  /** Optimised: norms are folded, epilogues fused; its only output is called `logits`. */
  readonly network: Network
  /** Of the images: `[batch, height, width, channels]`. */
  readonly shape: Shape
  readonly images: Readonly<Record<Layout, Float32Array>>
}

/**
 * A network of the zoo, with the weights and images of the golden numbers.
 *
 * @param size - height and width of the images, in pixels; if left out, the model's own
 * @throws {UnknownModelError} when there is no such model
 * @throws {OptionError} when it answers with no logits
 */
export function courseOf(model: string, batch: number, size?: number): Course {
  const factory = findModel(model)
  const whole = factory()
  if (!('logits' in whole.outputs)) {
    const found = Object.keys(whole.outputs).join(', ')
    throw new OptionError({ subject: `model '${model}'`, expected: "an output 'logits'", found })
  }
  const graph = selectOutputs(whole, ['logits'])
  const network = optimise({ graph, params: goldenParams(parameters(graph).map(({ key, shape }) => [key, shape])) })
  const [height, width] = size === undefined ? factory.preprocess.size : [size, size]
  const channels = inputsOf(graph)[0]!.type.channels
  const nchw = goldenTensor('input', [batch, channels, height, width])
  const { shape, data: nhwc } = toNHWC([batch, channels, height, width], nchw)
  return { network, shape, images: { nhwc, nchw } }
}
