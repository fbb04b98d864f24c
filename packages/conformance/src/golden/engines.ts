import { readFile } from 'node:fs/promises'
import { wasm } from '@resnet-ts/backend-wasm'
import type { Backend } from '@resnet-ts/graph'

/** The engine of backend-wasm, made to run in one of the ways in which it can. */
export interface EngineWay {
  /** `SIMD, 2 threads` */
  readonly name: string
  readonly backend: Backend
}

const levels = [
  ['simd', 'SIMD'],
  ['relaxed', 'relaxed SIMD'],
] as const

/** Every way in which the engine runs here: with each kind of SIMD that there is, on one thread and on two. */
export async function engineWays(): Promise<EngineWay[]> {
  const ways: EngineWay[] = []
  for (const [level, title] of levels) {
    if (!WebAssembly.validate(await binary(level))) continue
    for (const threads of [1, 2]) {
      const backend = wasm({ threads, binary: async (name) => WebAssembly.compile(await binary(level, name)) })
      ways.push({ name: `${title}, ${threads === 1 ? '1 thread' : `${threads} threads`}`, backend })
    }
  }
  return ways
}

/** The bytes of a binary with this SIMD, whatever the name that it is asked for by says of that. */
function binary(level: 'simd' | 'relaxed', name = ''): Promise<Uint8Array<ArrayBuffer>> {
  const memory = name.endsWith('Shared') ? 'Shared' : ''
  return readFile(new URL(import.meta.resolve(`@resnet-ts/backend-wasm/${level}${memory}.wasm`)))
}
