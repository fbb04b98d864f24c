import {
  activationKinds,
  type Backend,
  BackendError,
  type Graph,
  lower,
  type Network,
  type Params,
} from '@resnet-ts/graph'
import { Binaries } from './binary.js'
import { availabilityOf, detectFeatures } from './features.js'
import { checkOptions, type WasmOptions } from './options.js'
import { WasmSession } from './session.js'
import { assemble } from './staff.js'

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
  return {
    name: 'wasm',
    fusedForms,
    isAvailable: async () => availabilityOf(detectFeatures(), options),
    async compile(graph, params) {
      const features = detectFeatures()
      const availability = availabilityOf(features, options)
      if (!availability.available) {
        throw new BackendError({ subject: "backend 'wasm'", expected: 'WebAssembly SIMD', found: availability.reason })
      }
      const network = lower({ graph, params }, fusedForms)
      const staff = await assemble(network.graph, options, features, binaries)
      return WasmSession.open(network, staff, again(graph, new WeakRef(params)))
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
