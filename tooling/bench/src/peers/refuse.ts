import type { Graph, Node } from '@resnet-ts/graph'
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
