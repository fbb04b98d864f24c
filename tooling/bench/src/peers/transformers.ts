import type { Tensor as TensorOf } from '@huggingface/transformers'
import type { Racer, RuntimeName } from '../race/runner.js'
import { installed } from '../race/unsupported.js'
import { nchw, onnxFile } from './onnxFile.js'

const name = 'transformers'
const packageName = '@huggingface/transformers'

/** The files of the onnxruntime-web that it depends on: another version than ours. */
export const itsOnnxruntimeWeb = `${packageName}/onnxruntime-web`

/**
 * transformers.js: what its pipeline for image classification calls with prepared pixels, on onnxruntime-node in Node and
 * onnxruntime-web in a page. It loads the network from a folder as its models are published in.
 */
export const racer: Racer = {
  async prepare(network, { shape, threads, place }) {
    const { AutoModelForImageClassification, env, LogLevel, Tensor } = await installed(
      name,
      import('@huggingface/transformers'),
    )
    const folder = await place.publish(
      new Map<string, string | Uint8Array>([
        [
          'network/config.json',
          JSON.stringify({ model_type: 'resnet', architectures: ['ResNetForImageClassification'] }),
        ],
        ['network/preprocessor_config.json', JSON.stringify({ feature_extractor_type: 'ConvNextFeatureExtractor' })],
        ['network/onnx/model.onnx', onnxFile(network, shape, 'pixel_values')],
      ]),
    )
    Object.assign(env, {
      allowRemoteModels: false,
      allowLocalModels: true,
      localModelPath: folder.location,
      useBrowserCache: false,
      useFSCache: false,
      useWasmCache: false,
      logLevel: LogLevel.ERROR,
      ...(folder.fetch && { fetch: folder.fetch }),
    })
    const { wasm } = env.backends.onnx
    if (wasm && place.runtime === 'chromium') {
      Object.assign(wasm, { numThreads: threads, wasmPaths: wasmPaths(`${place.filesOf(itsOnnxruntimeWeb)}dist/`) })
    }
    const model = await AutoModelForImageClassification.from_pretrained('network', {
      dtype: 'fp32',
      device: place.runtime === 'node' ? 'cpu' : 'wasm',
      session_options: sessionOptions(place.runtime, threads),
    })
    await folder.remove()
    const dims = nchw(shape)
    return {
      name,
      version: await place.versionOf(packageName),
      device: deviceOf(place.runtime, threads),
      layout: 'nchw',
      async run(input) {
        const { logits } = (await model({ pixel_values: new Tensor('float32', input, dims) })) as { logits: TensorOf }
        return logits.data as Float32Array
      },
      async dispose() {
        await model.dispose()
      },
    }
  },
}

/** It would take them from a CDN. Of the builds it is the one that it would take. */
function wasmPaths(folder: string): { readonly mjs: string; readonly wasm: string } {
  const file = `${folder}ort-wasm-simd-threaded.asyncify`
  return { mjs: `${file}.mjs`, wasm: `${file}.wasm` }
}

function sessionOptions(runtime: RuntimeName, threads: number) {
  const options = { graphOptimizationLevel: 'all' } as const
  return runtime === 'node' ? { ...options, intraOpNumThreads: threads, interOpNumThreads: 1 } : options
}

function deviceOf(runtime: RuntimeName, threads: number): string {
  const engine = runtime === 'node' ? 'onnxruntime-node' : 'onnxruntime-web'
  return `${engine}, ${threads === 1 ? '1 thread' : `${threads} threads`}`
}
