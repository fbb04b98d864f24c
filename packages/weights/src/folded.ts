import { type Graph, type Node, type Parameter, parameter, parametersOf } from '@resnet-ts/graph'
import type { CheckpointTensor } from './checkpoint.js'

/**
 * The parameters of norms that a checkpoint lacks because they were folded into the convolutions before them, which
 * have biases in their place: norms that change nothing but to add that bias. With mean 0, weight 1 and the variance
 * that is nearest to 1 − epsilon in F32, the norm's scale is 1 to within 2⁻²⁵, so that folded again it gives the very
 * same weights.
 *
 * @param tensors the checkpoint's, by the graph's keys
 * @returns by key; and the biases that they stand for, where the graph's convolution has none
 */
export function unfold(
  graph: Graph,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): { readonly params: ReadonlyMap<string, Parameter>; readonly biases: ReadonlySet<string> } {
  const params = new Map<string, Parameter>()
  const biases = new Set<string>()
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
  for (const norm of graph.nodes) {
    if (norm.op !== 'batchNorm' || parametersOf(norm).some(({ key }) => tensors.has(key))) continue
    const convolution = nodes.get(norm.inputs[0]!)
    const bias = convolution && tensors.get(`${convolution.name}.bias`)
    if (convolution?.op !== 'conv2d' || bias?.shape.join() !== String(norm.attributes.channels)) continue
    // A convolution with a bias of its own keeps it, and the norm then adds nothing.
    const own = convolution.attributes.bias
    if (!own) biases.add(`${convolution.name}.bias`)
    for (const [key, param] of identity(norm, own ? undefined : bias)) params.set(key, param)
  }
  return { params, biases }
}

function identity(norm: Node<'batchNorm'>, bias: CheckpointTensor | undefined): readonly [string, Parameter][] {
  const { channels, epsilon } = norm.attributes
  const filled = (value: number) => parameter([channels], new Float32Array(channels).fill(value))
  return [
    [`${norm.name}.weight`, filled(1)],
    [`${norm.name}.bias`, bias ?? filled(0)],
    [`${norm.name}.running_mean`, filled(0)],
    [`${norm.name}.running_var`, filled(1 - epsilon)],
  ]
}
