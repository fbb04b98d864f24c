import { OptionError } from '@resnet-ts/graph'
import type { BinarySource } from './binary.js'

/** How the engine computes. */
export interface WasmOptions {
  /** Threads that compute; all the cores there are, but at most 8, if left out. 1 where memory cannot be shared. */
  readonly threads?: number | undefined
  /**
   * False computes on the calling thread, which it holds up meanwhile, and starts no worker: for scripts, and in workers of
   * your own. There is one thread then.
   */
  readonly worker?: boolean | undefined
  /**
   * `low` keeps the packed weights within 1.25 times of what they take as they are, instead of 2 times: some convolutions then
   * take a slower form.
   */
  readonly memory?: 'default' | 'low' | undefined
  /** The height and width of image, in pixels, for which the forms of the convolutions are chosen; 224 if left out. */
  readonly imageSize?: number | undefined
  /** Measures what each node takes; `describe()` tells. */
  readonly profile?: boolean | undefined
  /** Where the package's worker.js is served, if no bundler takes care of it. */
  readonly workerUrl?: string | URL | undefined
  /** The compiled binary of a name, from the package's file `<name>.wasm`, instead of the one that is inlined. */
  readonly binary?: BinarySource | undefined
}

/** @throws {OptionError} when an option is out of range */
export function checkOptions({ threads, worker, memory, imageSize }: WasmOptions): void {
  checkWhole('threads', threads, 64)
  checkWhole('imageSize', imageSize, 16384)
  if (worker === false && threads !== undefined && threads > 1) {
    refuse('threads', '1, where no worker is started', threads)
  }
  if (memory !== undefined && memory !== 'default' && memory !== 'low') refuse('memory', "'default' or 'low'", memory)
}

function checkWhole(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= most)) return
  refuse(name, `a whole number from 1 to ${most}`, value)
}

function refuse(name: string, expected: string, found: unknown): never {
  throw new OptionError({ subject: `option '${name}' of wasm()`, expected, found: String(found) })
}
