import type { Network, Shape } from '@resnet-ts/graph'

/** Where a race is run: in a process of Node, or in a page of Chromium. */
export const runtimeNames = ['node', 'chromium'] as const

export type RuntimeName = (typeof runtimeNames)[number]

/** The order of axes of the images: `[batch, height, width, channels]` or `[batch, channels, height, width]`. */
export type Layout = 'nhwc' | 'nchw'

/** What a race asks of both sides. */
export interface Settings {
  /** Of the images: `[batch, height, width, channels]`. */
  readonly shape: Shape
  /** How many threads compute. */
  readonly threads: number
  readonly place: Place
}

/** What can be had where the race is run. */
export interface Place {
  readonly runtime: RuntimeName
  /** The version of an installed package. */
  versionOf(packageName: string): Promise<string>
  /** The address under which a page finds the files of a package; it ends in a slash. */
  filesOf(packageName: string): string
  /** Puts files, by their paths, where a library that loads models by their location finds them. */
  publish(files: ReadonlyMap<string, string | Uint8Array>): Promise<Published>
}

/** Files that were published. */
interface Published {
  /** Of the folder, as the library takes it: a path in Node, an address in a page. */
  readonly location: string
  /** What reads such an address, in a page. */
  readonly fetch?: typeof globalThis.fetch
  remove(): Promise<void>
}

/** One side of a race: a network, ready to run. */
export interface Runner {
  readonly name: string
  readonly version: string
  /** How it is set, in words: `wasm, 2 threads, SIMD`. */
  readonly device: string
  /** In which order of axes it takes images; the race hands them over so, and does not time that. */
  readonly layout: Layout
  /**
   * Computes the logits, `[batch, classes]`, of one batch of images.
   *
   * @param input - in the order of `layout`; not to be written to
   */
  run(input: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

/** A runtime that networks can be handed to. */
export interface Racer {
  /**
   * Makes a network ready, with the best settings that the runtime has.
   *
   * @param network - optimised: norms are folded, epilogues fused
   * @throws {UnsupportedError} when the runtime cannot run this network, or not so
   */
  prepare(network: Network, settings: Settings): Promise<Runner>
}
