import type { RuntimeName } from '../race/runner.js'

/** The peers, and where each can run. */
const peers = {
  'onnxruntime-web': ['node', 'chromium'],
  'onnxruntime-node': ['node'],
  'tfjs-wasm': ['node', 'chromium'],
  transformers: ['node', 'chromium'],
  'jax-js': ['node', 'chromium'],
  litert: ['chromium'],
} as const satisfies Readonly<Record<string, readonly RuntimeName[]>>

export type PeerName = keyof typeof peers

export const peerNames = Object.keys(peers) as PeerName[]

/**
 * Those that race in a runtime unless others are asked for. jax-js takes some hundred times as long as they do, hours for a
 * table.
 */
export function usualPeers(runtime: RuntimeName): PeerName[] {
  return peerNames.filter((name) => name !== 'jax-js' && peers[name].some((each) => each === runtime))
}
