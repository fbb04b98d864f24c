import type { Network, Session } from '@resnet-ts/graph'
import type { Tensor } from '@tensorflow/tfjs-core'
import { kernelOf } from './ops/index.js'
import { atNode, lastUsesOf, type Step, type Target, TfjsSession } from './session.js'

/** Uploads the parameters of a lowered network, and prepares its kernels. */
export function compile({ graph, params }: Network, target: Target): Promise<Session> {
  const { tf, engine, backendName } = target
  return engine.enqueue(async () => {
    const weights: Tensor[] = []
    const upload = (shape: readonly number[], values: Float32Array) => {
      // Kept, so that a scope that the caller may have open does not dispose of it.
      const weight = tf.keep(tf.tensor(values, [...shape]))
      weights.push(weight)
      return weight
    }
    const lastUses = lastUsesOf(graph)
    const steps: Step[] = []
    try {
      await engine.inBursts(backendName, graph.nodes, (node) => {
        const kernel = atNode(node, target, () => kernelOf(node, params, { tf, upload }))
        steps.push({ node, kernel, lastUses: lastUses.get(node.name) ?? [] })
      })
    } catch (error) {
      for (const weight of weights) weight.dispose()
      throw error
    }
    return new TfjsSession(graph, steps, weights, target)
  })
}
