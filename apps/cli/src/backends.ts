import type { Backend } from '@resnet-ts/graph'
import type { BackendName } from './options.js'

/** The backends that have a name of their own. */
export type NamedBackend = Exclude<BackendName, 'auto'>

/**
 * A backend, which alone is brought in.
 *
 * @param threads - how many compute, where that can be chosen; the backend's own default, if left out
 * @throws {OptionError} when the backend cannot have so many
 */
export async function backendNamed(name: NamedBackend, threads?: number): Promise<Backend> {
  switch (name) {
    case 'wasm':
      return (await import('@resnet-ts/backend-wasm')).wasm({ threads })
    case 'tfjs':
      return (await import('@resnet-ts/backend-wasm/tfjs')).tfjsWasm()
    case 'node':
      return (await import('@resnet-ts/backend-node')).onnxruntime({ threads })
    case 'reference':
      return (await import('@resnet-ts/backend-reference')).reference()
    default:
      throw name satisfies never
  }
}

/** How many threads a backend can compute on at most; two of them have one, whatever they are told. */
export const mostThreads: Readonly<Record<NamedBackend, number>> = { wasm: 64, tfjs: 1, node: 256, reference: 1 }
