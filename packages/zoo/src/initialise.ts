import { type Graph, OptionError, type ParameterSpec, type Params, parameters, sizeOf } from '@resnet-ts/graph'
import { seedOf, standardNormal, uniform } from './random.js'

/**
 * Fresh parameters for a graph, as torchvision draws them: convolutions from Kaiming's normal distribution (He et
 * al. 2015b) with fan-out and the gain of ReLU, √(2 / (out · kernelHeight · kernelWidth)); norms 1 and 0 (0 and 0
 * where the graph asks for `zeroInit`); linear layers from PyTorch's default, uniform within ±1 / √in.
 *
 * The same seed gives the same values, and each parameter's depend on the seed and its key alone, so adding a layer
 * leaves the others as they were. Values are drawn when they are first read.
 *
 * @param options.seed - a whole number; 0 if left out
 * @throws {OptionError} when the seed is not a whole number
 */
export function initialise(graph: Graph, options: { readonly seed?: number | undefined } = {}): Params {
  const { seed = 0 } = options
  if (!Number.isSafeInteger(seed)) {
    throw new OptionError({ subject: 'seed', expected: 'a whole number', found: String(seed) })
  }
  const specs = parameters(graph)
  const weights = new Map(specs.filter(({ key }) => key.endsWith('.weight')).map((spec) => [spec.node, spec]))
  return new Map(
    specs.map((spec) => {
      let values: Float32Array | undefined
      const read = () => {
        values ??= draw(spec, weights.get(spec.node) ?? spec, seed)
        return values
      }
      return [spec.key, { shape: spec.shape, read }]
    }),
  )
}

/** @param weight - the weight of the same node, whose inputs a bias shares */
function draw(spec: ParameterSpec, weight: ParameterSpec, seed: number): Float32Array {
  const values = new Float32Array(sizeOf(spec.shape))
  const fanIn = sizeOf(weight.shape.slice(1))
  const stream = seedOf(spec.key, seed)
  switch (spec.initial) {
    case 'ones':
      return values.fill(1)
    case 'zeros':
      return values
    case 'kaimingNormalFanOut': {
      const fanOut = spec.shape[0]! * sizeOf(spec.shape.slice(2))
      return fill(values, Math.sqrt(2 / fanOut), standardNormal(stream))
    }
    // PyTorch's `kaiming_uniform_(a=√5)` and its bias both come to a bound of 1 / √fanIn.
    case 'kaimingUniform':
    case 'fanInUniform':
      return fill(values, 1 / Math.sqrt(fanIn), uniform(stream))
    default:
      throw spec.initial satisfies never
  }
}

function fill(values: Float32Array, scale: number, next: () => number): Float32Array {
  for (let index = 0; index < values.length; index++) values[index] = next() * scale
  return values
}
