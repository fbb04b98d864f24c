import { throwIfAborted } from './abort.js'
import { bitmapOptions, pixelsOf } from './canvas.js'
import { decodeOn, type Platform } from './decode.shared.js'
import { decodeObject } from './elements.js'
import { takeWebpOrientation } from './exif.js'
import { cutOff, undecodable } from './failure.js'
import { fetchBytes } from './fetch.js'
import { readHeader } from './header.js'
import { checkSize, type RgbImage } from './image.js'
import { orient } from './orient.js'
import { decodePng } from './png.js'
import type { DecodeOptions, ImageSource, Signal } from './source.js'

/**
 * `decode` for pages and workers; its documentation is that of the entry for Node, `decode.ts`, whose types both share.
 *
 * PNG files are decoded here, so that every browser gives the bytes that Pillow gives, with alpha, 16 bits or a
 * gamma. Other files are decoded by the browser and read through a canvas.
 */
export async function decode(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  return decodeOn(page, source, options)
}

const page: Platform = {
  takes:
    'a URL, bytes, a Blob, an ImageData, an ImageBitmap, an image, canvas or video element, a VideoFrame or raw RGB',
  read: fetchBytes,
  decodeFile,
  decodeObject,
}

async function decodeFile(bytes: Uint8Array, subject: string, { signal }: DecodeOptions): Promise<RgbImage> {
  const header = readHeader(bytes)
  if (header?.size) checkSize(header.size.width, header.size.height, subject)
  // A browser would show the half of it that is there.
  if (header && !header.complete) throw cutOff(bytes, header.format, subject)
  if (header?.format === 'PNG') return decodePng(bytes, subject, signal)
  if (header?.format !== 'WebP') return decodeByBrowser(bytes, subject, signal)
  const { bytes: untold, orientation } = takeWebpOrientation(bytes)
  return orient(await decodeByBrowser(untold, subject, signal), orientation)
}

async function decodeByBrowser(bytes: Uint8Array, subject: string, signal: Signal | undefined): Promise<RgbImage> {
  const bitmap = await bitmapOf(bytes, subject)
  try {
    throwIfAborted(signal)
    return pixelsOf(bitmap, bitmap.width, bitmap.height, subject)
  } finally {
    bitmap.close()
  }
}

async function bitmapOf(bytes: Uint8Array, subject: string): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), bitmapOptions)
  } catch (error) {
    throw undecodable(bytes, subject, error)
  }
}
