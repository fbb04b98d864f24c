import type { Graph, Node } from '../graph.js'
import type { ActivationKind } from '../ops/activation.js'
import { type Network, type Params, parametersOf, readParameter } from '../params.js'

/**
 * What a network yields for an image of one pixel: every value is then a list of channels, a convolution is a product
 * with the middle of its kernel, and a pooling is the identity. Enough to see whether a pass keeps the arithmetic.
 * (Odd kernels and centred windows only, of the ops that passes touch or that stand between them.)
 *
 * @returns the values of the outputs by name
 */
export function evaluatePixel({ graph, params }: Network, pixel: readonly number[]): Record<string, readonly number[]> {
  const values = new Map<string, readonly number[]>()
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => values.get(name)!)
    values.set(node.name, node.op === 'input' ? pixel : evaluateNode(node, inputs, params))
  }
  return outputsOf(graph, values)
}

function outputsOf(graph: Graph, values: ReadonlyMap<string, readonly number[]>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node)!]))
}

function evaluateNode(node: Node, inputs: readonly (readonly number[])[], params: Params): readonly number[] {
  const [x, y] = inputs as [readonly number[], readonly number[]]
  switch (node.op) {
    case 'conv2d':
      return convolve(node, x, y, params)
    case 'batchNorm': {
      const [weight, bias, mean, variance] = read(node, params)
      const { epsilon } = node.attributes
      return x.map((v, c) => ((v - mean![c]!) / Math.sqrt(variance![c]! + epsilon)) * weight![c]! + bias![c]!)
    }
    case 'activation':
      return x.map(activations[node.attributes.kind])
    case 'add':
      return x.map((v, c) => v + y[c]!)
    case 'multiply':
      return x.map((v, c) => v * y[c]!)
    case 'concat':
      return inputs.flat()
    case 'maxPool':
    case 'globalPool':
    case 'dropout':
    case 'dropPath':
      return x
    default:
      throw new Error(`no pixel of ${node.op}`)
  }
}

function convolve(node: Node<'conv2d'>, x: readonly number[], residual: readonly number[], params: Params): number[] {
  const { inChannels, outChannels, groups, kernel, epilogue } = node.attributes
  const [weight, bias] = read(node, params)
  const [depth, area] = [inChannels / groups, kernel[0] * kernel[1]]
  const activate = epilogue?.activation ? activations[epilogue.activation] : (v: number) => v
  return Array.from({ length: outChannels }, (_, out) => {
    const first = Math.floor(out / (outChannels / groups)) * depth
    let sum = bias?.[out] ?? 0
    for (let c = 0; c < depth; c++) sum += x[first + c]! * weight![(out * depth + c) * area + (area - 1) / 2]!
    return activate(sum + (epilogue?.residual ? residual[out]! : 0))
  })
}

function read(node: Node, params: Params): readonly Float32Array[] {
  return parametersOf(node).map((spec) => readParameter(params, spec))
}

const activations: Readonly<Record<ActivationKind, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leakyRelu: (x) => (x < 0 ? 0.01 * x : x),
  silu: (x) => x / (1 + Math.exp(-x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
}
