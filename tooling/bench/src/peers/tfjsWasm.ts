import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import type { Network } from '@resnet-ts/graph'
import type { Racer } from '../race/runner.js'
import { installed, requireOneThread, UnsupportedError } from '../race/unsupported.js'
import { backendRunner } from '../us/backendRunner.js'

const name = 'tfjs-wasm'

/**
 * TensorFlow.js on WebAssembly with SIMD. Its own converter makes a graph of fused convolutions; so does our backend-tfjs,
 * from the same network, with norms folded.
 */
export const racer: Racer = {
  async prepare(network, settings) {
    const packageName = '@tensorflow/tfjs-backend-wasm'
    await installed(name, import('@tensorflow/tfjs-backend-wasm'))
    requireOneThread(name, settings.threads, 'TensorFlow.js 4.22 starts others, but gives them no work')
    refuseGroups(network)
    return backendRunner(tfjsWasm(), await settings.place.versionOf(packageName), network, settings)
  },
}

/** Several dense convolutions, which our backend makes of a grouped one, are not what TensorFlow.js has. */
function refuseGroups({ graph }: Network): void {
  for (const { name: node, op, attributes } of graph.nodes) {
    if (op !== 'conv2d' || attributes.groups === 1 || attributes.groups === attributes.inChannels) continue
    const found = `'${node}' with ${attributes.groups} groups`
    throw new UnsupportedError({ subject: name, expected: 'a network without grouped convolutions', found })
  }
}
