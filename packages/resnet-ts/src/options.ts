import type { OptionNames, RunOptions } from '@resnet-ts/graph'

/** Where the time of one image went, in milliseconds. */
export interface Timings {
  /** From its file to pixels. */
  readonly decode: number
  /** From pixels to the tensor of the network: resized, cropped, normalised. */
  readonly preprocess: number
  /** In the network: its share of its batch's time. */
  readonly inference: number
}

/** How images are taken through a network. */
export interface ImageOptions extends RunOptions {
  /** How many images the network computes at once. @defaultValue 8 */
  readonly batchSize?: number | undefined
  /** Is told the timings of each image, by its place in the list. */
  readonly onTimings?: ((timings: Timings, index: number) => void) | undefined
  /**
   * Is told of each image that cannot be read, and its place in the list; its result is then empty, and the others go
   * on. Left out, the first such image fails the call.
   */
  readonly onFailure?: ((error: unknown, index: number) => void) | undefined
}

/** How images are classified. */
export interface ClassifyOptions extends ImageOptions {
  /** How many classes to tell of each image. @defaultValue 5 */
  readonly topK?: number | undefined
}

export const runOptions: OptionNames<RunOptions> = { signal: true }

export const imageOptions: OptionNames<ImageOptions> = {
  ...runOptions,
  batchSize: true,
  onTimings: true,
  onFailure: true,
}

export const classifyOptions: OptionNames<ClassifyOptions> = { ...imageOptions, topK: true }
