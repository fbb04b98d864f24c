import { type Backend, BackendError } from '@resnet-ts/graph'
import { type Platform, type TfjsWasmOptions, tfjsWasmOn, type WasmPaths } from './tfjs.shared.js'

export type { TfjsWasmOptions, WasmFile, WasmPaths } from './tfjs.shared.js'

/** The same function as in Node; see there. */
export function tfjsWasm(options: TfjsWasmOptions = {}): Backend {
  return tfjsWasmOn(page, options)
}

const page: Platform = {
  locate,
  async start(initialise, path) {
    try {
      await initialise()
    } catch (cause) {
      throw new BackendError({
        subject: "backend 'tfjs-wasm'",
        expected: `TensorFlow.js to load ${path ? new URL(path, location.href) : 'its .wasm file'}`,
        // Otherwise tfjs has thrown its general advice; what happened it has printed.
        found: cause instanceof Error ? cause.message : 'a failure that the console tells of',
        advice:
          "serve that file, or pass the option 'wasmPaths'; a content security policy must allow 'wasm-unsafe-eval'",
        cause,
      })
    }
  },
}

/** Where tfjs's files are: in the bundle, or beside the modules that are served. */
function locate(): WasmPaths | undefined {
  // Bundlers know this form: they copy the files, and put their addresses here.
  const plain = new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm', import.meta.url).href
  const simd = new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm', import.meta.url).href
  const [folder, file] = plain.split('@tensorflow/tfjs-backend-wasm/dist/')
  if (file !== undefined && !folder.endsWith('/node_modules/')) return mappedFolder() ?? neighbour(folder)
  return { 'tfjs-backend-wasm.wasm': plain, 'tfjs-backend-wasm-simd.wasm': simd }
}

/** The folder of the module that the page's import map gives for the package; its files lie beside it. */
function mappedFolder(): string | undefined {
  // In a variable, so that no bundler copies the module as a file.
  const name = '@tensorflow/tfjs-backend-wasm'
  try {
    const module = import.meta.resolve(name)
    return module.slice(0, module.lastIndexOf('/') + 1)
  } catch {
    return undefined
  }
}

/** Where nobody resolved the name, it was taken for a folder of ours. In node_modules, theirs is beside that. */
function neighbour(folder: string): string | undefined {
  const ours = /(?<=\/node_modules\/)@resnet-ts\/backend-wasm\/dist\/$/
  return ours.test(folder) ? folder.replace(ours, '@tensorflow/tfjs-backend-wasm/dist/') : undefined
}
