import { onnxruntime } from '@resnet-ts/backend-node'
import { reference } from '@resnet-ts/backend-reference'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import type { Backend } from '@resnet-ts/graph'
import type { BackendName } from './options.js'

/** The backends that have a name of their own. */
export type NamedBackend = Exclude<BackendName, 'auto'>

/** Those that compute on one thread, whatever they are told. */
const oneThread: readonly NamedBackend[] = ['wasm', 'tfjs', 'reference']

/** @param threads - how many compute, where that can be chosen; the backend's own default, if left out */
export function backendNamed(name: NamedBackend, threads?: number): Backend {
  switch (name) {
    case 'wasm':
    case 'tfjs':
      return tfjsWasm()
    case 'node':
      return onnxruntime({ threads })
    case 'reference':
      return reference()
    default:
      throw name satisfies never
  }
}

/** Whether a backend can be told how many threads compute. */
export function hasThreads(name: NamedBackend): boolean {
  return !oneThread.includes(name)
}
