import type { Racer } from '../race/runner.js'
import { installed } from '../race/unsupported.js'
import { onnxruntimeRunner } from './onnxruntime.js'

const name = 'onnxruntime-web'

/** onnxruntime as WebAssembly with SIMD, the build that has it alone. */
export const racer: Racer = {
  async prepare(network, settings) {
    const { threads, place } = settings
    const onnxruntime = await installed(name, importFor(place.runtime))
    const { wasm } = onnxruntime.env
    wasm.numThreads = threads
    if (place.runtime === 'chromium') wasm.wasmPaths = `${place.filesOf(name)}dist/`
    const version = await place.versionOf(name)
    const about = { name, version, device: `WebAssembly SIMD, ${threads === 1 ? '1 thread' : `${threads} threads`}` }
    return onnxruntimeRunner(about, onnxruntime, network, settings, { executionProviders: ['wasm'] })
  },
}

/** Of the entries the one that can start threads there. */
function importFor(runtime: 'node' | 'chromium') {
  return runtime === 'node' ? import('onnxruntime-web') : import('onnxruntime-web/wasm')
}
