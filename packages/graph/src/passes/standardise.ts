import type { Node } from '../graph.js'
import { type Parameter, parametersOf, readParameter } from '../params.js'
import type { Rewrite } from './rewrite.js'

/** conv2d with standardised weights → conv2d: every filter becomes (filter − its mean) / √(its variance + epsilon). */
export const standardiseWeights: Rewrite = {
  name: 'standardise weights',
  apply(node, around) {
    if (node.op !== 'conv2d' || node.attributes.standardise === undefined) return undefined
    const { standardise: epsilon, ...attributes } = node.attributes
    const plain: Node<'conv2d'> = { ...node, attributes }
    const [weight] = parametersOf(node)
    const original = new Map([[weight!.key, around.params.get(weight!.key)!]])
    const standardised: Parameter = {
      shape: weight!.shape,
      read: () => standardiseFilters(readParameter(original, weight!), attributes.outChannels, epsilon),
    }
    return { nodes: [plain], value: node.name, params: new Map([[weight!.key, standardised]]) }
  },
}

function standardiseFilters(weight: Float32Array, outChannels: number, epsilon: number): Float32Array {
  const result = new Float32Array(weight.length)
  const size = weight.length / outChannels
  for (let start = 0; start < weight.length; start += size) {
    let sum = 0
    let squares = 0
    for (let index = start; index < start + size; index++) sum += weight[index]!
    const mean = sum / size
    for (let index = start; index < start + size; index++) squares += (weight[index]! - mean) ** 2
    const scale = 1 / Math.sqrt(squares / size + epsilon)
    for (let index = start; index < start + size; index++) result[index] = (weight[index]! - mean) * scale
  }
  return result
}
