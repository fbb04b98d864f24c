import type { Node } from '../graph.js'
import { type Parameter, type ParameterSpec, type Params, parametersOf, readParameter } from '../params.js'
import type { Rewrite } from './rewrite.js'

/**
 * batchNorm(conv2d(x)) → conv2d(x) with bias: with scale = weight / √(running_var + epsilon), every filter is
 * multiplied by its channel's scale, and the bias becomes (bias − running_mean) · scale + the norm's bias.
 */
export const foldBatchNorm: Rewrite = {
  name: 'fold batch norm',
  apply(node, around) {
    if (node.op !== 'batchNorm') return undefined
    const conv = around.node(node.inputs[0]!)
    if (conv.op !== 'conv2d' || conv.attributes.epilogue || !around.isPrivate(conv.name)) return undefined
    const folded: Node<'conv2d'> = { ...conv, attributes: { ...conv.attributes, bias: true } }
    return { nodes: [folded], value: conv.name, removes: [conv.name], params: foldedParams(conv, node, around.params) }
  },
}

function foldedParams(conv: Node<'conv2d'>, norm: Node<'batchNorm'>, params: Params): ReadonlyMap<string, Parameter> {
  const { outChannels } = conv.attributes
  const [weight, bias] = parametersOf(conv)
  const originals = pick(params, [...parametersOf(conv), ...parametersOf(norm)])
  const affine = once(() => readAffine(norm, originals))
  const foldedWeight: Parameter = {
    shape: weight!.shape,
    read() {
      return scaleFilters(readParameter(originals, weight!), affine().scale)
    },
  }
  const foldedBias: Parameter = {
    shape: [outChannels],
    read() {
      const { scale, shift } = affine()
      const original = bias && readParameter(originals, bias)
      return Float32Array.from(shift, (value, channel) => value + (original?.[channel] ?? 0) * scale[channel]!)
    },
  }
  return new Map([
    [`${conv.name}.weight`, foldedWeight],
    [`${conv.name}.bias`, foldedBias],
  ])
}

/** These parameters alone, so that a folded one keeps neither the others nor itself. */
function pick(params: Params, specs: readonly ParameterSpec[]): Params {
  return new Map(specs.map(({ key }) => [key, params.get(key)!]))
}

/** Weights `[out, …]` times one number an output channel. */
function scaleFilters(weight: Float32Array, scale: Float64Array): Float32Array {
  const scaled = new Float32Array(weight.length)
  const filter = weight.length / scale.length
  for (let channel = 0, index = 0; channel < scale.length; channel++) {
    for (const end = index + filter; index < end; index++) scaled[index] = weight[index]! * scale[channel]!
  }
  return scaled
}

/** The norm as `scale · x + shift`, in float64: two numbers a channel, which is all that is kept. */
function readAffine(norm: Node<'batchNorm'>, params: Params): { scale: Float64Array; shift: Float64Array } {
  const [weight, bias, mean, variance] = parametersOf(norm).map((spec) => readParameter(params, spec))
  const scale = Float64Array.from(weight!, (value, c) => value / Math.sqrt(variance![c]! + norm.attributes.epsilon))
  return { scale, shift: scale.map((value, channel) => bias![channel]! - mean![channel]! * value) }
}

function once<Result>(compute: () => Result): () => Result {
  let result: Result | undefined
  return () => {
    result ??= compute()
    return result
  }
}
