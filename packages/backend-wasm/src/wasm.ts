import {
  activationKinds,
  type Backend,
  BackendError,
  type Beginning,
  type Graph,
  lower,
  type Network,
  type Params,
} from '@resnet-ts/graph'
import { Binaries } from './binary.js'
import { pause } from './engine/pause.js'
import { availabilityOf, detectFeatures } from './features.js'
import { checkOptions, type WasmOptions } from './options.js'
import { WasmSession } from './session.js'
import { assemble, binaryFor, hire } from './staff.js'
import type { TeamOfThreads } from './team/ofThreads.js'
import { deviceOf } from './threads.js'

const fusedForms = { residual: true, activations: activationKinds }

/**
 * Computes in WebAssembly with kernels of our own, on threads of its own: the calling one stays free. Nothing is to be hosted
 * or configured; SIMD, relaxed SIMD and shared memory are used where they are there, and `describe()` says why not.
 *
 * @throws {OptionError} when an option is out of range
 */
export function wasm(options: WasmOptions = {}): Backend {
  checkOptions(options)
  const binaries = new Binaries(options.binary)
  const hired = new WeakMap<Beginning, TeamOfThreads>()
  const take = (beginning: Beginning | undefined) => {
    const team = beginning && hired.get(beginning)
    if (beginning) hired.delete(beginning)
    return team
  }
  return {
    name: 'wasm',
    fusedForms,
    async isAvailable() {
      const features = detectFeatures()
      const availability = availabilityOf(features, options)
      return availability.available ? { available: true, device: deviceOf(features, options) } : availability
    },
    async compile(graph, params, beginning) {
      const features = detectFeatures()
      const availability = availabilityOf(features, options)
      if (!availability.available) {
        throw new BackendError({ subject: "backend 'wasm'", expected: 'WebAssembly SIMD', found: availability.reason })
      }
      // Whoever compiles a network has often just optimised it, which takes long enough for one task of a page.
      await pause()
      const network = lower({ graph, params }, fusedForms)
      const staff = await assemble(network, options, features, binaries, take(beginning))
      return new WasmSession(network.graph, staff, again(graph, new WeakRef(params)))
    },
    begin() {
      const features = detectFeatures()
      const beginning: Beginning = {
        end: async () => {
          await take(beginning)?.end()
        },
      }
      const team = hire(options, features)
      if (team) hired.set(beginning, team)
      // Whoever compiles a network hears of a failure.
      binaryFor(options, features, binaries).catch(() => undefined)
      return beginning
    },
  }
}

/** Lowers a network once more, if its parameters are still there: they are not kept alive for that. */
function again(graph: Graph, source: WeakRef<Params>): () => Network | undefined {
  return () => {
    const params = source.deref()
    return params && lower({ graph, params }, fusedForms)
  }
}
