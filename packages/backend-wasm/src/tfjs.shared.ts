import { type TfjsDevice, tfjs } from '@resnet-ts/backend-tfjs'
import { type Backend, BackendError, OptionError } from '@resnet-ts/graph'

/** The files of @tensorflow/tfjs-backend-wasm: plain, with SIMD, with SIMD and threads. */
export type WasmFile = 'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm'

/** Where the files are: a folder, with a slash at its end, or the path or URL of each. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>

export interface TfjsWasmOptions {
  /**
   * How many threads compute, at most 8. tfjs has threads only in pages, and only in those that are cross-origin
   * isolated; everywhere else there is one.
   *
   * @defaultValue as many as there are cores, up to 8
   */
  readonly threads?: number | undefined
  /** @defaultValue the files in the installed package */
  readonly wasmPaths?: WasmPaths | undefined
}

/** What differs between Node and a page. */
export interface Platform {
  /** Why there is one thread here, or undefined where there can be more. */
  whyOneThread(): string | undefined
  /** Where the installed package has its files, or undefined where only tfjs can know. */
  locate(): WasmPaths | undefined
  /** Makes sure of the file that tfjs is about to load, then has it loaded. */
  start(initialise: () => Promise<void>, file: WasmFile, paths: WasmPaths | undefined): Promise<void>
}

type TfjsBackendWasm = typeof import('@tensorflow/tfjs-backend-wasm')

const mostThreads = 8

export function tfjsWasmOn(platform: Platform, { threads, wasmPaths }: TfjsWasmOptions): Backend {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads)) {
    throw new OptionError({
      subject: "option 'threads'",
      expected: `a whole number from 1 to ${mostThreads}`,
      found: String(threads),
    })
  }
  return tfjs({
    backendName: 'wasm',
    async setup(initialise) {
      const wasm = await importBackend()
      const oneThread = threads === 1 ? 'it was asked for' : platform.whyOneThread()
      if (threadsOf(wasm) === undefined) {
        const paths = wasmPaths ?? platform.locate()
        if (paths !== undefined) wasm.setWasmPaths(paths)
        if (oneThread) await turnThreadsOff()
        else wasm.setThreadsCount(threads ?? Math.min(mostThreads, navigator.hardwareConcurrency))
        await platform.start(initialise, fileFor(oneThread === undefined), paths)
      }
      return describe(threadsOf(wasm) ?? 1, threads, oneThread)
    },
  })
}

async function importBackend(): Promise<TfjsBackendWasm> {
  try {
    return await import('@tensorflow/tfjs-backend-wasm')
  } catch (cause) {
    throw new BackendError({
      subject: "backend 'tfjs-wasm'",
      expected: "the package '@tensorflow/tfjs-backend-wasm'",
      found: cause instanceof Error ? cause.message : String(cause),
      advice: 'install it, and @tensorflow/tfjs-core, beside @resnet-ts/backend-wasm',
      cause,
    })
  }
}

/** How many threads tfjs's WebAssembly has, or undefined before it is loaded. */
function threadsOf(wasm: TfjsBackendWasm): number | undefined {
  try {
    return wasm.getThreadsCount()
  } catch {
    return undefined
  }
}

/** Otherwise the build with threads is loaded, with its eight workers, for one of them. */
async function turnThreadsOff(): Promise<void> {
  const { env } = await import('@tensorflow/tfjs-core')
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
}

/** The file that tfjs chooses. */
function fileFor(threaded: boolean): WasmFile {
  if (!hasSimd()) return 'tfjs-backend-wasm.wasm'
  return threaded ? 'tfjs-backend-wasm-threaded-simd.wasm' : 'tfjs-backend-wasm-simd.wasm'
}

function describe(actual: number, wanted: number | undefined, oneThread: string | undefined): TfjsDevice {
  const simd = hasSimd()
  const notes: string[] = []
  if (!simd) notes.push('No SIMD: this JavaScript engine has none.')
  if (actual === 1 && oneThread && wanted !== 1) notes.push(`One thread: ${oneThread}.`)
  else if (wanted !== undefined && wanted !== actual) {
    notes.push(`${actual} threads instead of ${wanted}: TensorFlow.js was set up before, and keeps what it has.`)
  }
  const device = `WebAssembly${simd ? ' SIMD' : ''} (TensorFlow.js), ${actual} ${actual === 1 ? 'thread' : 'threads'}`
  return { device, notes }
}

/** Whether WebAssembly has 128-bit SIMD here: a module with one function, `i8x16.splat(0)`, is valid. */
function hasSimd(): boolean {
  const header = [0, 97, 115, 109, 1, 0, 0, 0]
  const types = [1, 5, 1, 96, 0, 1, 123]
  const functions = [3, 2, 1, 0]
  const code = [10, 8, 1, 6, 0, 65, 0, 253, 15, 11]
  return WebAssembly.validate(Uint8Array.of(...header, ...types, ...functions, ...code))
}
