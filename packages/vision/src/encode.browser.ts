import { ImageError } from './errors.js'
import { checkImage, type RgbImage } from './image.js'

/**
 * The image as a PNG file.
 *
 * @throws {ImageError} when the image's fields contradict each other, or the browser cannot encode it
 */
export async function encodePng(image: RgbImage): Promise<Uint8Array> {
  checkImage(image)
  const { width, height, data } = image
  const pixels = new ImageData(width, height)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data.set(data.subarray(from, from + 3), to)
    pixels.data[to + 3] = 255
  }
  const blob = await blobOf(pixels)
  if (blob) return new Uint8Array(await blob.arrayBuffer())
  throw new ImageError({ subject: `image of ${width} × ${height}`, expected: 'room for a canvas', found: 'none' })
}

async function blobOf(pixels: ImageData): Promise<Blob | null> {
  const { width, height } = pixels
  if (typeof document === 'undefined') {
    const canvas = new OffscreenCanvas(width, height)
    canvas.getContext('2d')?.putImageData(pixels, 0, 0)
    return canvas.convertToBlob({ type: 'image/png' })
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d')?.putImageData(pixels, 0, 0)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
