import { type TfjsDevice, tfjs } from '@resnet-ts/backend-tfjs'
import { type Backend, BackendError } from '@resnet-ts/graph'

/** The files of @tensorflow/tfjs-backend-wasm of which one is loaded: the second, where there is SIMD. */
export type WasmFile = 'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm'

/** Where the files are: a folder, with a slash at its end, or the path or URL of each. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>

/** Where tfjs finds its WebAssembly. */
export interface TfjsWasmOptions {
  /**
   * For bundlers and servers that put the files elsewhere.
   *
   * @defaultValue the files in the installed package, or the copies that a bundler made of them
   */
  readonly wasmPaths?: WasmPaths | undefined
}

/** What differs between Node and a page. */
export interface Platform {
  /** Where the files are, or undefined where only tfjs can know. */
  locate(): WasmPaths | undefined
  /** Has tfjs load its file; `path` is undefined where only tfjs can know it. */
  start(initialise: () => Promise<void>, path: string | undefined): Promise<void>
}

type TfjsBackendWasm = typeof import('@tensorflow/tfjs-backend-wasm')

export function tfjsWasmOn(platform: Platform, { wasmPaths }: TfjsWasmOptions): Backend {
  return tfjs({
    backendName: 'wasm',
    async setup(initialise) {
      const { wasm, env } = await importTfjs()
      if (!isLoaded(wasm)) {
        // The build with threads gains nothing: that of 4.22.0, the last, starts eight workers and gives them no work.
        // And it does harm: where a minifier has rewritten a `typeof` in it, it waits for these workers forever.
        env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
        const paths = wasmPaths ?? platform.locate()
        if (paths !== undefined) setPaths(wasm, paths)
        const file: WasmFile = hasSimd() ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm'
        await platform.start(initialise, typeof paths === 'string' ? paths + file : paths?.[file])
      }
      return describe()
    },
  })
}

/** Inside `try`, so that no bundler insists on optional packages. */
async function importTfjs() {
  try {
    const { env } = await import('@tensorflow/tfjs-core')
    return { env, wasm: await import('@tensorflow/tfjs-backend-wasm') }
  } catch (cause) {
    throw new BackendError({
      subject: "backend 'tfjs-wasm'",
      expected: "the packages '@tensorflow/tfjs-core' and '@tensorflow/tfjs-backend-wasm'",
      found: cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause),
      advice: 'run: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm',
      cause,
    })
  }
}

/** Whether tfjs has its WebAssembly already, from an earlier call or from somebody else. */
function isLoaded(wasm: TfjsBackendWasm): boolean {
  try {
    return wasm.getThreadsCount() > 0
  } catch {
    return false
  }
}

function setPaths(wasm: TfjsBackendWasm, paths: WasmPaths): void {
  // tfjs wants to hear of its build with threads, too.
  wasm.setWasmPaths(typeof paths === 'string' ? paths : { ...paths, 'tfjs-backend-wasm-threaded-simd.wasm': '' })
}

function describe(): TfjsDevice {
  const notes = ['One thread: TensorFlow.js starts others, but gives them no work.']
  if (!hasSimd()) notes.push('No SIMD: this JavaScript engine has none.')
  return { device: `WebAssembly${hasSimd() ? ' SIMD' : ''} (TensorFlow.js), 1 thread`, notes }
}

/** Whether WebAssembly has 128-bit SIMD here: a module with one function, `i8x16.splat(0)`, is valid. */
function hasSimd(): boolean {
  const header = [0, 97, 115, 109, 1, 0, 0, 0]
  const types = [1, 5, 1, 96, 0, 1, 123]
  const functions = [3, 2, 1, 0]
  const code = [10, 8, 1, 6, 0, 65, 0, 253, 15, 11]
  return WebAssembly.validate(Uint8Array.of(...header, ...types, ...functions, ...code))
}
