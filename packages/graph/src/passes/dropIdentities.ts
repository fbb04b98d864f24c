import type { Rewrite } from './rewrite.js'

/** dropout(x), dropPath(x) → x: they act while training only. */
export const dropIdentities: Rewrite = {
  name: 'drop identities',
  apply(node) {
    if (node.op !== 'dropout' && node.op !== 'dropPath') return undefined
    return { nodes: [], value: node.inputs[0]! }
  },
}
