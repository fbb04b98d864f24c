import { checkPreprocess, type Preprocess, type Tensor } from '@resnet-ts/graph'
import { decodeOn, type Platform } from './decode.shared.js'
import type { DecodeOptions, ImageSource } from './source.js'
import { type Input, theInput, type Wanted } from './wanted.js'

/** A photograph as the input of a network, and the milliseconds that it took. */
export interface Prepared {
  /** `[1, height, width, 3]` (NHWC) */
  readonly pixels: Tensor
  /** Milliseconds from the call on, but for preprocessing: reading, decoding, and waiting for other images. */
  readonly decode: number
  /** Milliseconds of resizing, cropping and normalising. */
  readonly preprocess: number
}

/** `prepare`, on a platform. */
export async function prepareOn(
  platformFor: (wanted: Wanted<Input>) => Platform<Input>,
  source: ImageSource,
  config: Preprocess,
  options: DecodeOptions,
): Promise<Prepared> {
  const start = performance.now()
  checkPreprocess(config)
  const { pixels, preprocess } = await decodeOn(platformFor(theInput(config)), source, options)
  return { pixels, decode: performance.now() - start - preprocess, preprocess }
}
