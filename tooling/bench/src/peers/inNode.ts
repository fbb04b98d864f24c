import type { Racer } from '../race/runner.js'
import type { PeerName } from './names.js'

/** The peers that race in Node, each with what it imports. */
export const peersInNode = {
  'onnxruntime-web': () => import('./onnxruntimeWeb.js'),
  'onnxruntime-node': () => import('./onnxruntimeNode.js'),
  'tfjs-wasm': () => import('./tfjsWasm.js'),
  transformers: () => import('./transformers.js'),
  'jax-js': () => import('./jaxJs.js'),
} satisfies Partial<Record<PeerName, () => Promise<{ readonly racer: Racer }>>>
