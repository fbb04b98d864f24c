import { ImageError, reasonOf } from '../errors.js'
import { checkSize, type RgbImage } from '../image.js'

// Pixels are read through a canvas of at most this many: some browsers allow no larger ones, a whole photograph need not
// be held twice as RGBA, and strips of most photographs' width are copied in one run.
const mostTileWidth = 4096
const mostTileHeight = 256

/** Upright, and otherwise as stored: no colour profile applied, no colour multiplied by alpha. */
export const bitmapOptions: ImageBitmapOptions = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
}

/**
 * The pixels of anything that can be drawn.
 *
 * @param width, height in pixels, of all of `drawable`
 * @throws {ImageError} when there are none or too many, or when the browser refuses to give them
 */
export function pixelsOf(drawable: CanvasImageSource, width: number, height: number, subject: string): RgbImage {
  checkSize(width, height, subject)
  const tileWidth = Math.min(width, mostTileWidth)
  const tileHeight = Math.min(height, mostTileHeight)
  const data = new Uint8Array(width * height * 3)
  try {
    const context = contextOf(tileWidth, tileHeight)
    for (let top = 0; top < height; top += tileHeight) {
      for (let left = 0; left < width; left += tileWidth) {
        const columns = Math.min(tileWidth, width - left)
        const rows = Math.min(tileHeight, height - top)
        context.clearRect(0, 0, tileWidth, tileHeight)
        context.drawImage(drawable, left, top, columns, rows, 0, 0, columns, rows)
        copyTile(context.getImageData(0, 0, columns, rows), data, left, top, width)
      }
    }
  } catch (error) {
    throw unreadable(subject, error)
  }
  return { width, height, data }
}

function contextOf(width: number, height: number): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  // Kept in memory rather than on a GPU, whose drawing may round colours.
  const settings: CanvasRenderingContext2DSettings = { willReadFrequently: true, colorSpace: 'srgb' }
  let context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
  if (typeof document === 'undefined') {
    context = new OffscreenCanvas(width, height).getContext('2d', settings)
  } else {
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    context = canvas.getContext('2d', settings)
  }
  if (!context) throw new Error(`there is no memory for a canvas of ${width} × ${height}`)
  context.imageSmoothingEnabled = false
  return context
}

function copyTile(tile: ImageData, target: Uint8Array, left: number, top: number, width: number): void {
  for (let row = 0, from = 0; row < tile.height; row++) {
    let to = ((top + row) * width + left) * 3
    for (let column = 0; column < tile.width; column++, from += 4, to += 3) {
      target[to] = tile.data[from]!
      target[to + 1] = tile.data[from + 1]!
      target[to + 2] = tile.data[from + 2]!
    }
  }
}

function unreadable(subject: string, error: unknown): ImageError {
  const crossOrigin = error instanceof DOMException && error.name === 'SecurityError'
  return new ImageError({
    subject,
    expected: 'pixels that this page may read',
    found: crossOrigin ? 'an image of another origin' : `that the browser refuses them (${reasonOf(error)})`,
    advice: crossOrigin ? "serve it with CORS headers, and set the element's crossOrigin to 'anonymous'" : undefined,
    cause: error,
  })
}
