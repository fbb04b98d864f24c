import { wasm } from '@resnet-ts/backend-wasm'
import type { Availability, Backend } from '@resnet-ts/graph'
import type { BackendChoice, BackendId, BackendState } from './api.js'

/** As many threads as are ever offered: more rarely help. */
const mostThreads = 8

interface Opening {
  readonly threads: number
  readonly profile: boolean | undefined
  readonly imageSize: number | undefined
}

/** A way to compute: what there is to say of it, and how it is had. */
interface Entry extends Pick<BackendState, 'name' | 'about'> {
  isAvailable(): Promise<Availability>
  threads(): BackendState['threads']
  open(options: Opening): Promise<Backend>
}

/** All ways to compute, the usual one first. */
const entries: Readonly<Record<BackendId, Entry>> = {
  wasm: {
    name: 'WebAssembly',
    about: 'Our own engine: SIMD kernels on threads',
    isAvailable: () => wasm().isAvailable(),
    threads: threadsOfEngine,
    open: async (options) => wasm(options),
  },
  tfjs: {
    name: 'TensorFlow.js',
    about: 'Its WebAssembly backend, to compare with',
    // It asks for the same of the browser, and is not fetched before it is chosen.
    isAvailable: () => wasm().isAvailable(),
    threads: () => ({
      most: 1,
      reason: 'TensorFlow.js is run with one thread: its threaded build never gives work to others.',
    }),
    open: async () => (await import('@resnet-ts/backend-wasm/tfjs')).tfjsWasm(),
  },
  webgpu: {
    name: 'WebGPU',
    about: 'On the graphics processor',
    isAvailable: async () => {
      // Where there can be none, its code is not fetched.
      if (!('gpu' in navigator))
        return { available: false, reason: 'This browser has no WebGPU, or the page is not secure.' }
      return (await import('@resnet-ts/backend-webgpu')).webgpu().isAvailable()
    },
    threads: () => ({ most: 1, reason: 'The graphics processor shares out the work itself.' }),
    open: async ({ imageSize }) => (await import('@resnet-ts/backend-webgpu')).webgpu({ imageSize }),
  },
}

/** What computes: all there are, the ones that cannot be chosen here with the reason. */
export function backendStates(): Promise<readonly BackendState[]> {
  const ids = Object.keys(entries) as BackendId[]
  return Promise.all(
    ids.map(async (id) => {
      const { name, about, isAvailable, threads } = entries[id]
      const availability = await isAvailable()
      return { id, name, about, reason: availability.available ? undefined : availability.reason, threads: threads() }
    }),
  )
}

function threadsOfEngine(): BackendState['threads'] {
  const cores = navigator.hardwareConcurrency
  if (crossOriginIsolated) return { most: Math.min(cores, mostThreads) }
  return {
    most: 1,
    reason:
      'More threads need shared memory, which a browser gives to cross-origin isolated pages alone: ' +
      'the server has to send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
  }
}

/** A backend as it was chosen. */
export function openBackend(
  { backend, threads }: BackendChoice,
  options: Pick<Opening, 'profile' | 'imageSize'>,
): Promise<Backend> {
  return entries[backend].open({ threads, ...options })
}
