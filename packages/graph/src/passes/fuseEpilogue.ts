import type { Node } from '../graph.js'
import type { Epilogue } from '../ops/conv2d.js'
import type { Rewrite, Surroundings } from './rewrite.js'

/** add(conv2d(x), r), or add(r, conv2d(x)) → conv2d(x) + r. Where both are convolutions, the first takes it. */
export const fuseResidual: Rewrite = {
  name: 'fuse residual',
  apply(node, around) {
    if (node.op !== 'add') return undefined
    for (const [index, input] of node.inputs.entries()) {
      const conv = privateConv(input, around)
      if (!conv || conv.attributes.epilogue) continue
      const fused = withEpilogue(conv, { residual: true, activation: null })
      const inputs = [...conv.inputs, node.inputs[1 - index]!]
      return { nodes: [{ ...fused, inputs }], value: conv.name, removes: [conv.name] }
    }
    return undefined
  },
}

/** activation(conv2d(x)) → conv2d(x) with the activation applied last, after a residual if there is one. */
export const fuseActivation: Rewrite = {
  name: 'fuse activation',
  apply(node, around) {
    if (node.op !== 'activation') return undefined
    const conv = privateConv(node.inputs[0]!, around)
    if (!conv || conv.attributes.epilogue?.activation) return undefined
    const residual = conv.attributes.epilogue?.residual ?? false
    const fused = withEpilogue(conv, { residual, activation: node.attributes.kind })
    return { nodes: [fused], value: conv.name, removes: [conv.name] }
  },
}

function privateConv(name: string, around: Surroundings): Node<'conv2d'> | undefined {
  const node = around.node(name)
  return node.op === 'conv2d' && around.isPrivate(name) ? node : undefined
}

function withEpilogue(conv: Node<'conv2d'>, epilogue: Epilogue): Node<'conv2d'> {
  return { ...conv, attributes: { ...conv.attributes, epilogue } }
}
