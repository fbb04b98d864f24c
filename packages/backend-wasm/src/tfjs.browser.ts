import { type Backend, BackendError } from '@resnet-ts/graph'
import { type Platform, type TfjsWasmOptions, tfjsWasmOn, type WasmFile, type WasmPaths } from './tfjs.shared.js'

export type { TfjsWasmOptions, WasmFile, WasmPaths } from './tfjs.shared.js'

/** The same function as in Node; see there. */
export function tfjsWasm(options: TfjsWasmOptions = {}): Backend {
  return tfjsWasmOn(page, options)
}

const page: Platform = {
  whyOneThread() {
    if (globalThis.crossOriginIsolated) return undefined
    return (
      'the page is not cross-origin isolated; threads need a server that sends ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'
    )
  },
  locate: () => bundledFiles() ?? mappedFolder(),
  async start(initialise, file, paths) {
    try {
      await initialise()
    } catch (cause) {
      const path = typeof paths === 'object' ? paths[file] : (paths ?? '') + file
      throw new BackendError({
        subject: "backend 'tfjs-wasm'",
        expected: `TensorFlow.js to load ${new URL(path, location.href)}`,
        found: reasonOf(cause),
        advice: "serve that file, or pass the option 'wasmPaths'",
        cause,
      })
    }
  },
}

/** The files' addresses where a bundler has put them into this module: Vite, webpack and others know the form. */
function bundledFiles(): WasmPaths | undefined {
  const files: Record<WasmFile, string> = {
    'tfjs-backend-wasm.wasm': new URL('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm', import.meta.url)
      .href,
    'tfjs-backend-wasm-simd.wasm': new URL(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
      import.meta.url,
    ).href,
    'tfjs-backend-wasm-threaded-simd.wasm': new URL(
      '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
      import.meta.url,
    ).href,
  }
  // Where nobody did, the name of the package was taken for that of a folder beside this module.
  const beside = `${import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1)}@tensorflow/`
  return files['tfjs-backend-wasm.wasm'].startsWith(beside) ? undefined : files
}

/** The folder of the module that the page's import map gives for the package; its files lie beside it. */
function mappedFolder(): string | undefined {
  try {
    const module = import.meta.resolve('@tensorflow/tfjs-backend-wasm')
    return module.slice(0, module.lastIndexOf('/') + 1)
  } catch {
    return undefined
  }
}

/** What was thrown, in words; tfjs also throws objects that are no errors. */
function reasonOf(cause: unknown): string {
  const message = (cause as { readonly message?: unknown } | undefined)?.message
  return typeof message === 'string' ? message : String(cause)
}
