import { ImageError } from './errors.js'
import { checkSize, grouped, type RgbImage } from './image.js'
import type { RawPixels } from './source.js'

/**
 * Raw pixels as an RGB image: three bytes a pixel are taken as they are, without a copy; of four, the last is dropped.
 *
 * @throws {ImageError} when sizes and data do not fit
 */
export function fromRaw({ width, height, data }: RawPixels): RgbImage {
  const subject = `raw pixels of ${width} × ${height}`
  checkSize(width, height, subject)
  const pixels = width * height
  if (data.BYTES_PER_ELEMENT !== 1 || (data.length !== pixels * 3 && data.length !== pixels * 4)) {
    throw new ImageError({
      subject,
      expected: `${grouped(pixels * 3)} bytes of RGB or ${grouped(pixels * 4)} of RGBA`,
      found: `${grouped(data.length)} ${data.BYTES_PER_ELEMENT === 1 ? 'bytes' : `values of ${data.BYTES_PER_ELEMENT} bytes`}`,
    })
  }
  if (data.length === pixels * 4) return { width, height, data: dropAlpha(data, new Uint8Array(pixels * 3)) }
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) }
}

/** Writes the RGB of RGBA pixels into `target`: as Pillow's `convert('RGB')`, without compositing. */
function dropAlpha(rgba: Uint8Array | Uint8ClampedArray, target: Uint8Array): Uint8Array {
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    target[to] = rgba[from]!
    target[to + 1] = rgba[from + 1]!
    target[to + 2] = rgba[from + 2]!
  }
  return target
}
