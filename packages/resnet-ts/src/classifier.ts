import { type Graph, type Node, OptionError } from '@resnet-ts/graph'

/** The end of a network that averages its last feature map and weighs the averages. */
export interface Classifier {
  /** The node of the feature map `[n, h, w, c]`. */
  readonly features: string
  /** The keys of its weight, `[classes, c]` or `[classes, c, 1, 1]`, and its bias `[classes]`, if it has one. */
  readonly weight: string
  readonly bias: string | undefined
}

/**
 * Finds the classifier of a network, back from its logits.
 *
 * @throws {OptionError} when it is not a linear layer, or a 1×1 convolution, over average-pooled features
 */
export function classifierOf(graph: Graph): Classifier {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
  const behind = (node: Node | undefined, skips: (node: Node) => boolean) => {
    let current = node
    while (current && skips(current)) current = nodes.get(current.inputs[0]!)
    return current
  }
  const isDropout = ({ op }: Node) => op === 'dropout'
  const isFlattening = (node: Node) => node.op === 'globalPool' && node.attributes.kind === 'avg'
  const head = behind(nodes.get(graph.outputs.logits ?? ''), isFlattening)
  const pool = isWeighing(head) ? behind(nodes.get(head.inputs[0]!), isDropout) : undefined
  if (!isWeighing(head) || pool?.op !== 'globalPool' || pool.attributes.kind !== 'avg') {
    throw new OptionError({
      subject: `network '${graph.name}'`,
      expected: 'a linear classifier over average-pooled features, which alone has an exact class activation map',
      found: head ? `${head.op} over ${pool?.op ?? 'something else'}` : 'no logits',
    })
  }
  return {
    features: pool.inputs[0]!,
    weight: `${head.name}.weight`,
    bias: head.attributes.bias ? `${head.name}.bias` : undefined,
  }
}

function isWeighing(node: Node | undefined): node is Node<'linear'> | Node<'conv2d'> {
  if (node?.op === 'linear') return true
  return node?.op === 'conv2d' && node.attributes.kernel.every((side) => side === 1) && node.attributes.groups === 1
}
