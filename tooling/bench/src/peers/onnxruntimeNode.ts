import type { Racer } from '../race/runner.js'
import { installed } from '../race/unsupported.js'
import { onnxruntimeRunner } from './onnxruntime.js'

const name = 'onnxruntime-node'

/** onnxruntime's own code for this processor, called from Node. */
export const racer: Racer = {
  async prepare(network, settings) {
    const onnxruntime = await installed(name, import('onnxruntime-node'))
    const version = await settings.place.versionOf(name)
    const { threads } = settings
    const about = { name, version, device: `native, ${threads === 1 ? '1 thread' : `${threads} threads`}` }
    return onnxruntimeRunner(about, onnxruntime, network, settings, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
    })
  },
}
