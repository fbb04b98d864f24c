import { activationKinds, type Backend, checkParams, verify } from '@resnet-ts/graph'
import { lastUsesOf } from './lastUses.js'
import { kernelOf } from './ops/index.js'
import { ReferenceSession } from './session.js'

/**
 * The backend that defines what each op means: plain TypeScript on one thread, everywhere, with nothing to install.
 * Sums are added up in float64; each value is stored as float32. It takes every graph as it is, fused or not, and
 * checks an aborted signal between nodes.
 */
export function reference(): Backend {
  return {
    name: 'reference',
    fusedForms: { residual: true, activations: activationKinds },
    isAvailable: async () => ({ available: true }),
    async compile(graph, params) {
      verify(graph)
      checkParams({ graph, params })
      const lastUses = lastUsesOf(graph)
      const steps = graph.nodes.map((node, index) => ({
        node,
        kernel: kernelOf(node, params),
        lastUses: lastUses[index],
      }))
      return new ReferenceSession(graph, steps)
    },
  }
}
