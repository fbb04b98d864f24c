import type { Preprocess, Tensor } from '@resnet-ts/graph'
import type { RgbImage } from './image.js'
import { preprocess } from './preprocess.js'

/** What is to be made of an image once it is decoded: in place, or by a worker, which is told `config` alone. */
export interface Wanted<Result> {
  /** How to preprocess; undefined when the image itself is wanted. */
  readonly config: Preprocess | undefined
  make(image: RgbImage): Result
}

export const theImage: Wanted<RgbImage> = { config: undefined, make: (image) => image }

/** The input of a network, and the milliseconds that preprocessing took. */
export interface Input {
  readonly pixels: Tensor
  readonly preprocess: number
}

export function theInput(config: Preprocess): Wanted<Input> {
  const { size, cropFraction, interpolation, mean, std, channelOrder } = config
  return {
    // Without whatever else there may be, which a message might not carry.
    config: { size, cropFraction, interpolation, mean, std, channelOrder },
    make(image) {
      const start = performance.now()
      const pixels = preprocess(image, config)
      return { pixels, preprocess: performance.now() - start }
    },
  }
}
