import type { Preprocess } from '@resnet-ts/graph'
import type { Metadata } from 'sharp'
import { cmykToRgb } from './cmyk.js'
import { decodeOn, type Platform } from './decode.shared.js'
import { ImageError, reasonOf } from './errors.js'
import { cutOff, undecodable, unknownFormat } from './failure.js'
import { checkLength, fetchBytes } from './fetch.js'
import { readHeader } from './header.js'
import { checkSize, maxPixels, type RgbImage } from './image.js'
import { type Prepared, prepareOn } from './prepare.shared.js'
import { importSharp, type Sharp } from './sharp.js'
import type { DecodeOptions, ImageSource } from './source.js'
import { theImage, type Wanted } from './wanted.js'

/**
 * An image as upright RGB, the way Pillow's `Image.open(…).convert('RGB')` followed by `ImageOps.exif_transpose`
 * gives it: EXIF orientation applied, grey repeated, palettes looked up, alpha dropped without compositing, CMYK by
 * Pillow's formula, the first frame of an animation, colour profiles and gamma ignored. Of 16 bits a channel the
 * high byte is kept (Pillow clips 16-bit grey to white instead, which nobody wants).
 *
 * In a page, files other than PNG, and bitmaps and elements, pass through a canvas, which keeps colours multiplied by
 * alpha: they are then exact where the image is opaque, rounded where it is not, and black where it is invisible.
 *
 * @param source a path (in Node) or a URL, an encoded file's bytes, a `Blob` or `File`, an `ImageData`, raw RGB or RGBA
 * (RGB comes back as it is, not copied); in a page or a worker also an `ImageBitmap`, an image, canvas or video
 * element, an `OffscreenCanvas` or a `VideoFrame`
 * @throws {ImageError} when the source is missing, empty, cut off, damaged, of an unknown format, has no or more than
 * 268,000,000 pixels, its sizes and data disagree, or (in a page) its pixels are not there yet or may not be read
 * @throws the reason of `options.signal`, when it is aborted
 */
export async function decode(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  return decodeOn(node(theImage), source, options)
}

/**
 * A photograph as the input of a network: `preprocess(await decode(source), config)`. In a page, large images are decoded
 * and preprocessed by a worker of this package's own where there can be one, so that the page goes on.
 *
 * @param source whatever `decode` takes
 * @throws {ImageError} as `decode` does
 * @throws {OptionError} when `config` cannot be carried out
 * @throws the reason of `options.signal`, when it is aborted
 */
export async function prepare(source: ImageSource, config: Preprocess, options: DecodeOptions = {}): Promise<Prepared> {
  return prepareOn(node, source, config, options)
}

function node<Result>(wanted: Wanted<Result>): Platform<Result> {
  return {
    takes: 'a path, a URL, bytes, a Blob, an ImageData or raw RGB (elements and bitmaps exist in a page only)',
    read(location, subject, options) {
      if (/^(https?|data|blob):/i.test(location)) return fetchBytes(location, subject, options)
      return readPath(location, subject, options)
    },
    decodeFile: async (bytes, subject) => wanted.make(await decodeFile(bytes, subject)),
    decodeObject: () => undefined,
    take: (image) => wanted.make(image),
  }
}

// The modules of Node and sharp are imported when they are first needed, so that importing this package costs
// nothing, and works where an application never decodes a file.
async function readPath(location: string, subject: string, { signal }: DecodeOptions): Promise<Uint8Array> {
  const { readFile, stat } = await import('node:fs/promises')
  const { fileURLToPath } = await import('node:url')
  try {
    const path = /^file:/i.test(location) ? fileURLToPath(location) : location
    const found = await stat(path)
    if (!found.isFile()) {
      const kind = found.isDirectory() ? 'a folder' : 'a device, a pipe or a socket'
      throw new ImageError({ subject, expected: 'a file', found: kind, advice: 'name an image file' })
    }
    checkLength(found.size, subject)
    return await readFile(path, { signal: signal as AbortSignal | undefined })
  } catch (error) {
    if (error instanceof ImageError) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const found = missing ? 'nothing at that path' : `one that cannot be read (${reasonOf(error)})`
    throw new ImageError({ subject, expected: 'an image file', found, cause: error })
  }
}

async function decodeFile(bytes: Uint8Array, subject: string): Promise<RgbImage> {
  // libvips is content with a file whose pixels are all there; a file that lacks its end was cut off all the same.
  const header = readHeader(bytes)
  const sharp = await loadSharp()
  const metadata = await readMetadata(sharp, bytes, subject)
  checkSize(metadata.width, metadata.height, subject)
  if (header?.complete === false) throw cutOff(bytes, header.format, subject)
  const cmyk = metadata.space === 'cmyk'
  const input = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true, autoOrient: true })
  const pixels = cmyk
    ? input.pipelineColourspace('cmyk').toColourspace('cmyk')
    : input.toColourspace('srgb').removeAlpha()
  try {
    const { data, info } = await pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    const { width, height } = info
    if (cmyk) return { width, height, data: cmykToRgb(data, info.channels) }
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
  } catch (error) {
    throw undecodable(bytes, subject, error)
  }
}

async function loadSharp(): Promise<Sharp> {
  try {
    return await importSharp()
  } catch (error) {
    throw new ImageError({
      subject: "the image decoder 'sharp'",
      expected: 'it to be installed for this platform',
      found: `that it cannot be loaded (${reasonOf(error)})`,
      advice: 'install it again, with optional dependencies, on the machine that runs it',
      cause: error,
    })
  }
}

async function readMetadata(sharp: Sharp, bytes: Uint8Array, subject: string): Promise<Metadata> {
  let metadata: Metadata
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata()
  } catch (error) {
    throw undecodable(bytes, subject, error)
  }
  // A drawing has no pixels of its own, and may refer to other files.
  if (metadata.format === 'svg') throw unknownFormat(bytes, subject)
  return metadata
}
