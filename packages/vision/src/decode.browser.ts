import type { Preprocess } from '@resnet-ts/graph'
import { decodeOn, type Platform } from './decode.shared.js'
import { fetchBytes } from './fetch.js'
import type { RgbImage } from './image.js'
import { decodeItem } from './page/decodeItem.js'
import { decodeObject } from './page/elements.js'
import { type Prepared, prepareOn } from './prepare.shared.js'
import type { DecodeOptions, ImageSource } from './source.js'
import { theImage, type Wanted } from './wanted.js'

/** `decode` for pages and workers; its documentation is that of the entry for Node, `decode.ts`, whose types both share. */
export async function decode(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  return decodeOn(page(theImage), source, options)
}

/** `prepare` for pages and workers; its documentation is in `decode.ts` too. */
export async function prepare(source: ImageSource, config: Preprocess, options: DecodeOptions = {}): Promise<Prepared> {
  return prepareOn(page, source, config, options)
}

function page<Result>(wanted: Wanted<Result>): Platform<Result> {
  return {
    takes:
      'a URL, bytes, a Blob, an ImageData, an ImageBitmap, an image, canvas or video element, a VideoFrame or raw RGB',
    read: fetchBytes,
    decodeFile: (bytes, subject, { signal }) => decodeItem({ kind: 'file', bytes, subject }, wanted, signal),
    decodeObject: (source, { signal }) => decodeObject(source, wanted, signal),
    take: (image) => wanted.make(image),
  }
}
