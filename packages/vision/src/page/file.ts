import { throwIfAborted } from '../abort.js'
import { takeWebpOrientation } from '../exif.js'
import { cutOff, undecodable } from '../failure.js'
import { readHeader } from '../header.js'
import { checkSize, type RgbImage } from '../image.js'
import { orient } from '../orient.js'
import { decodePng } from '../png.js'
import type { Signal } from '../source.js'
import { bitmapOptions, pixelsOf } from './canvas.js'

/**
 * Decodes a file on the thread that calls. PNG files are decoded by us, so that every browser gives the bytes that Pillow
 * gives, with alpha, 16 bits or a gamma. Other files are decoded by the browser and read through a canvas.
 */
export async function decodeFile(bytes: Uint8Array, subject: string, signal: Signal | undefined): Promise<RgbImage> {
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
