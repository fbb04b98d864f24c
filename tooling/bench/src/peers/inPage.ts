import type { Racer } from '../race/runner.js'
import type { PeerName } from './names.js'

/** The peers that race in a page, each with what it imports. */
export const peersInPage = {
  'onnxruntime-web': () => import('./onnxruntimeWeb.js'),
  'tfjs-wasm': () => import('./tfjsWasm.js'),
  transformers: () => import('./transformers.js'),
  'jax-js': () => import('./jaxJs.js'),
  litert: () => import('./litert.js'),
} satisfies Partial<Record<PeerName, () => Promise<{ readonly racer: Racer }>>>
