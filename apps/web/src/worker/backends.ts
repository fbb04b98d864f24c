import { wasm } from '@resnet-ts/backend-wasm'
import { type Backend, OptionError } from '@resnet-ts/graph'
import type { BackendChoice, BackendState } from './api.js'

/** As many threads as are ever offered: more rarely help. */
const mostThreads = 8

/** What computes: all there are, the ones that cannot be chosen here with the reason. */
export async function backendStates(): Promise<readonly BackendState[]> {
  const availability = await wasm().isAvailable()
  const reason = availability.available ? undefined : availability.reason
  return [
    { id: 'wasm', name: 'WebAssembly', about: 'Our own engine: SIMD kernels on threads', reason, threads: threads() },
    {
      id: 'tfjs',
      name: 'TensorFlow.js',
      about: 'Its WebAssembly backend, to compare with',
      reason,
      threads: {
        most: 1,
        reason: 'TensorFlow.js is run with one thread: its threaded build never gives work to others.',
      },
    },
    {
      id: 'webgpu',
      name: 'WebGPU',
      about: 'On the graphics processor',
      reason: 'The WebGPU backend is not in this build.',
      threads: { most: 1 },
    },
  ]
}

function threads(): BackendState['threads'] {
  const cores = navigator.hardwareConcurrency
  if (crossOriginIsolated) return { most: Math.min(cores, mostThreads) }
  return {
    most: 1,
    reason:
      'More threads need shared memory, which a browser gives to cross-origin isolated pages alone: ' +
      'the server has to send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
  }
}

/** @throws {OptionError} when it is not in this build */
export async function openBackend(
  { backend, threads }: BackendChoice,
  options: { readonly profile: boolean | undefined; readonly imageSize: number | undefined },
): Promise<Backend> {
  switch (backend) {
    case 'wasm':
      return wasm({ threads, ...options })
    case 'tfjs':
      return (await import('@resnet-ts/backend-wasm/tfjs')).tfjsWasm()
    case 'webgpu':
      throw new OptionError({ subject: "backend 'webgpu'", expected: 'one of this build', found: 'none' })
    default:
      backend satisfies never
      throw new OptionError({ subject: 'the backend', expected: 'a name of one', found: String(backend) })
  }
}
