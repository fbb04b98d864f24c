/** What can race as us: the engine, and for comparison the other backends. */
export const usNames = ['wasm', 'tfjs-wasm', 'node', 'reference'] as const

export type UsName = (typeof usNames)[number]
