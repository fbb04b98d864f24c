import type { Racer } from '../race/runner.js'
import { installed } from '../race/unsupported.js'
import { tfliteFile } from './tflite/tfliteFile.js'

const name = 'litert'
const packageName = '@litertjs/core'

/**
 * LiteRT.js: TensorFlow Lite with XNNPACK, as WebAssembly with relaxed SIMD. It loads its WebAssembly by a script element,
 * so it runs in pages alone.
 */
export const racer: Racer = {
  async prepare(network, { shape, threads, place }) {
    const { loadAndCompile, loadLiteRt, Tensor } = await installed(name, import('@litertjs/core'))
    await loadLiteRt(`${place.filesOf(packageName)}wasm/`, { threads: threads > 1 })
    const cpuOptions = { numThreads: threads }
    const model = await loadAndCompile(tfliteFile(network, shape), { accelerator: 'wasm', cpuOptions })
    return {
      name,
      version: await place.versionOf(packageName),
      device: `WebAssembly SIMD (XNNPACK), ${threads === 1 ? '1 thread' : `${threads} threads`}`,
      layout: 'nhwc',
      async run(input) {
        const images = new Tensor(input as Float32Array<ArrayBuffer>, [...shape])
        const [logits] = await model.run(images)
        const output = (await logits!.data()) as Float32Array
        images.delete()
        logits!.delete()
        return output
      },
      async dispose() {
        model.delete()
      },
    }
  },
}
