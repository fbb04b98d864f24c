import type { Node } from '../graph.js'
import {
  type Parameter,
  type ParameterSpec,
  type Params,
  parametersOf,
  readParameter,
  readParameterParts,
} from '../params.js'
import { type Shape, sizeOf } from '../tensor.js'
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
  const scaled = (parts: Iterable<Float32Array>) => scaleFilters(parts, weight!.shape, affine().scale)
  const foldedWeight: Parameter = {
    shape: weight!.shape,
    read() {
      const [whole] = scaled([readParameter(originals, weight!)])
      return whole!
    },
    readParts: (length) => scaled(readParameterParts(originals, weight!, length)),
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

/** Weights `[out, …]` times one number an output channel, part by part; all parts but a longer one use the same memory. */
function* scaleFilters(parts: Iterable<Float32Array>, shape: Shape, scale: Float64Array): Generator<Float32Array> {
  const filter = sizeOf(shape.slice(1))
  let room = new Float32Array()
  let first = 0
  for (const part of parts) {
    if (room.length < part.length) room = new Float32Array(part.length)
    for (let index = 0; index < part.length; ) {
      const channel = Math.floor((first + index) / filter)
      const end = Math.min((channel + 1) * filter - first, part.length)
      for (; index < end; index++) room[index] = part[index]! * scale[channel]!
    }
    yield room.subarray(0, part.length)
    first += part.length
  }
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
