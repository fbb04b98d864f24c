import { type Graph, type Shape, sizeOf } from '@resnet-ts/graph'
import type { Checkpoint } from '../checkpoint.js'

/** Operators with parameters, in groups that a checkpoint cannot mistake for each other. */
const groups = [['conv2d', 'linear'], ['batchNorm']] as const

/**
 * How to rename the layers of a checkpoint without telling names to those of a graph: the first is the first, and so on.
 * Exporters to ONNX that make up names still write layers in the order in which they are computed, which is the graph's
 * own. The shape of every weight must agree.
 *
 * @returns nothing when the layers are not as many, or one has another shape
 */
export function renameByOrder(graph: Graph, checkpoint: Checkpoint): ((key: string) => string | undefined) | undefined {
  const names = new Map<string, string>()
  const layers = [...checkpoint.tensors].filter(([key]) => key.endsWith('.weight'))
  for (const ops of groups) {
    const nodes = graph.nodes.filter(({ op }) => ops.some((known) => known === op))
    const isNorm = ops[0] === 'batchNorm'
    const found = layers.filter(([, { shape }]) => shape.length >= 2 !== isNorm)
    // Norms may be gone, folded into what is before them.
    if (found.length !== nodes.length && !(isNorm && found.length === 0)) return undefined
    for (const [index, [key, { shape }]] of found.entries()) {
      if (!fits(nodes[index]!, shape)) return undefined
      names.set(key.slice(0, -'.weight'.length), nodes[index]!.name)
    }
  }
  return (key) => {
    const dot = key.lastIndexOf('.')
    const name = names.get(key.slice(0, dot))
    return name && `${name}${key.slice(dot)}`
  }
}

function fits(node: Graph['nodes'][number], shape: Shape): boolean {
  switch (node.op) {
    case 'conv2d': {
      const { outChannels, inChannels, groups, kernel } = node.attributes
      return shape.join() === [outChannels, inChannels / groups, ...kernel].join()
    }
    case 'linear':
      return shape.join() === [node.attributes.outChannels, node.attributes.inChannels].join()
    default:
      return node.op === 'batchNorm' && sizeOf(shape) === node.attributes.channels
  }
}
