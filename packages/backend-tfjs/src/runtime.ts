import type { Network, Session } from '@resnet-ts/graph'
import { keep, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { enqueue, inBursts, initialise as initialiseNow } from './engine.js'
import type { Upload } from './kernel.js'
import { kernelOf } from './ops/index.js'
import { atNode, lastUsesOf, type Step, type Target, TfjsSession } from './session.js'

/** Makes a registered tfjs backend ready for use, in its turn. */
export function initialise(name: string): Promise<void> {
  return enqueue(() => initialiseNow(name))
}

/** Uploads the parameters of a lowered network, and prepares its kernels. */
export function compile({ graph, params }: Network, target: Target): Promise<Session> {
  return enqueue(async () => {
    const weights: Tensor[] = []
    const upload: Upload = (shape, values) => {
      // Kept, so that a scope that the caller may have open does not dispose of it.
      const weight = keep(tensor(values, [...shape]))
      weights.push(weight)
      return weight
    }
    const lastUses = lastUsesOf(graph)
    const steps: Step[] = []
    try {
      await inBursts(target.backendName, graph.nodes, (node) => {
        const kernel = atNode(node, target, () => kernelOf(node, params, upload))
        steps.push({ node, kernel, lastUses: lastUses.get(node.name) ?? [] })
      })
    } catch (error) {
      for (const weight of weights) weight.dispose()
      throw error
    }
    return new TfjsSession(graph, steps, weights, target)
  })
}
