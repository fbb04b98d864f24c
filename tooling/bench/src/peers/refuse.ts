import type { AvgPoolAttributes, Graph, MaxPoolAttributes, Node, Shape } from '@resnet-ts/graph'
import { UnsupportedError } from '../race/unsupported.js'

/** Says that a peer's file here does not write a node for it. @throws {UnsupportedError} always */
export function refuse(peer: string, node: Node, form: string): never {
  throw new UnsupportedError({
    subject: peer,
    expected: 'the ops of ResNet and ResNeXt, with ReLU',
    found: `'${node.name}' (${form})`,
  })
}

/**
 * That what a node takes has been through ReLU: zeros around it then never win in a maximum.
 *
 * @throws {UnsupportedError} when it has not
 */
export function requireRelu(peer: string, node: Node, graph: Graph): void {
  const before = graph.nodes.find(({ name }) => name === node.inputs[0])
  if (before?.op === 'conv2d' && before.attributes.epilogue?.activation === 'relu') return
  if (before?.op === 'activation' && before.attributes.kind === 'relu') return
  refuse(peer, node, `${node.op} of what may be negative`)
}

/**
 * That the windows of a pooling lie side by side in the map, with nothing left over: then there is but one way to pool.
 *
 * @param shape - of what is pooled: `[batch, height, width, channels]`
 * @throws {UnsupportedError} when a window reaches beyond the map
 */
export function requireWhole(
  peer: string,
  node: Node,
  { kernel, stride, padding, ceilMode }: AvgPoolAttributes | MaxPoolAttributes,
  shape: Shape,
): void {
  const isPadded = padding.some((side) => side > 0)
  const isWhole = [0, 1].every((axis) => (shape[axis + 1]! - kernel[axis]!) % stride[axis]! === 0)
  if (isPadded || (ceilMode && !isWhole)) refuse(peer, node, `${node.op} beyond the map`)
}
