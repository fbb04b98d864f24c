import { reference } from '@resnet-ts/backend-reference'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import type { Backend } from '@resnet-ts/graph'
import type { Job } from '../race/job.js'
import type { Racer } from '../race/runner.js'
import { requireOneThread, UnsupportedError } from '../race/unsupported.js'
import { backendRunner } from './backendRunner.js'
import { engine } from './engine.js'

/** Makes a racer of what creates a backend. */
export function racerOf(packageName: string, create: () => Backend): Racer {
  return {
    async prepare(network, settings) {
      return backendRunner(create(), await settings.place.versionOf(packageName), network, settings)
    },
  }
}

/** What races as us in a page. */
export function usInPage({ us, threads, memory }: Pick<Job, 'us' | 'threads' | 'memory'>): Racer {
  switch (us) {
    case 'wasm':
      return racerOf('@resnet-ts/backend-wasm', () => engine({ threads, memory }))
    case 'tfjs-wasm':
      return racerOf('@tensorflow/tfjs-backend-wasm', () => {
        requireOneThread(us, threads, 'TensorFlow.js starts others, but gives them no work')
        return tfjsWasm()
      })
    case 'reference':
      return racerOf('@resnet-ts/backend-reference', () => {
        requireOneThread(us, threads, 'it has no others')
        return reference()
      })
    case 'node':
      throw new UnsupportedError({ subject: us, expected: 'Node', found: 'a page' })
    default:
      throw us satisfies never
  }
}
