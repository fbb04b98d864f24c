import { ImageError } from './errors.js'

/** An upright RGB image, row by row from the top left: `data[(y * width + x) * 3 + channel]`, values 0 to 255. */
export interface RgbImage {
  /** In pixels, at least 1. */
  readonly width: number
  /** In pixels, at least 1. */
  readonly height: number
  /** Red, green and blue of each pixel: `width * height * 3` bytes. */
  readonly data: Uint8Array
}

/**
 * The most pixels an image may have: 268 megapixels, a square of about 16,370. A file of a few kilobytes can claim any size, so the
 * claim is checked before anything is allocated for it.
 */
export const maxPixels = 268_000_000

/** @throws {ImageError} when a size is not a whole number of at least one pixel, or when there are too many pixels */
export function checkSize(width: number, height: number, subject: string): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new ImageError({
      subject,
      expected: 'a width and a height of at least 1 pixel',
      found: `${width} × ${height}`,
    })
  }
  if (width * height > maxPixels) {
    throw new ImageError({
      subject,
      expected: `at most ${grouped(maxPixels)} pixels`,
      found: `${grouped(width)} × ${grouped(height)}, which is ${grouped(width * height)}`,
      advice: 'make the image smaller first',
    })
  }
}

/** @throws {ImageError} when an image's fields contradict each other */
export function checkImage(image: RgbImage): void {
  const { width, height, data } = image
  checkSize(width, height, 'image')
  if (data?.BYTES_PER_ELEMENT !== 1 || data.length !== width * height * 3) {
    throw new ImageError({
      subject: `RGB image of ${width} × ${height}`,
      expected: `a Uint8Array of ${grouped(width * height * 3)} bytes, three a pixel`,
      found: data?.BYTES_PER_ELEMENT === 1 ? grouped(data.length) : `data of another kind (${typeof data})`,
    })
  }
}

/** A whole number with its thousands set apart: `268,000,000`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
