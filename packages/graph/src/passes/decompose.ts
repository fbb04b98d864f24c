import type { FusedForms } from '../backend.js'
import type { Node } from '../graph.js'
import type { Epilogue } from '../ops/conv2d.js'
import type { Rewrite } from './rewrite.js'

/** conv2d with an epilogue that a backend does not take → conv2d, add, activation, as far apart as it needs. */
export function decompose(forms: FusedForms): Rewrite {
  return {
    name: 'decompose epilogues',
    apply(node, around) {
      if (node.op !== 'conv2d' || !node.attributes.epilogue) return undefined
      const { residual, activation } = node.attributes.epilogue
      const splitsResidual = residual && !forms.residual
      // What follows a residual that is split off has to be split off too.
      const splitsActivation = activation !== null && (splitsResidual || !forms.activations.includes(activation))
      if (!splitsResidual && !splitsActivation) return undefined
      const nodes: Node[] = [
        withoutParts(node, { residual: residual && !splitsResidual, activation: splitsActivation ? null : activation }),
      ]
      const append = (part: Omit<Node<'add'>, 'type'> | Omit<Node<'activation'>, 'type'>) => {
        nodes.push({ ...part, type: node.type } as Node)
      }
      if (splitsResidual) {
        const name = around.unusedName(`${node.name}.add`)
        append({ name, op: 'add', inputs: [node.name, node.inputs[1]!], attributes: {} })
      }
      if (splitsActivation) {
        const name = around.unusedName(`${node.name}.${activation}`)
        append({ name, op: 'activation', inputs: [nodes.at(-1)!.name], attributes: { kind: activation } })
      }
      return { nodes, value: nodes.at(-1)!.name }
    },
  }
}

function withoutParts(node: Node<'conv2d'>, epilogue: Epilogue): Node<'conv2d'> {
  const { epilogue: _, ...bare } = node.attributes
  const empty = !epilogue.residual && epilogue.activation === null
  return {
    ...node,
    inputs: epilogue.residual ? node.inputs : [node.inputs[0]!],
    attributes: empty ? bare : { ...bare, epilogue },
  }
}
