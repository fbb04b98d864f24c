import { activationKinds, type Backend, checkParams, type Graph, verify } from '@resnet-ts/graph'
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

/** For each node, the values that are needed up to it and no further; outputs are needed to the end. */
function lastUsesOf(graph: Graph): string[][] {
  const outputs = new Set(Object.values(graph.outputs))
  const last = new Map<string, number>()
  for (const [index, node] of graph.nodes.entries()) {
    for (const name of [node.name, ...node.inputs]) last.set(name, index)
  }
  const lastUses: string[][] = graph.nodes.map(() => [])
  for (const [name, index] of last) if (!outputs.has(name)) lastUses[index].push(name)
  return lastUses
}
