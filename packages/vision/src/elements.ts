import { bitmapOptions, pixelsOf } from './canvas.js'
import { ImageError, reasonOf } from './errors.js'
import type { RgbImage } from './image.js'

/** The pixels of an object that only a page or a worker has; undefined when `source` is not one. */
export function decodeObject(source: object): Promise<RgbImage> | undefined {
  if (isA(source, 'HTMLImageElement')) return decodeImage(source as HTMLImageElement)
  if (isA(source, 'HTMLVideoElement')) return decodeVideo(source as HTMLVideoElement)
  if (isA(source, 'VideoFrame')) {
    const frame = source as VideoFrame
    return draw(frame, frame.displayWidth, frame.displayHeight, 'video frame', 'a closed one')
  }
  if (isA(source, 'ImageBitmap')) {
    const bitmap = source as ImageBitmap
    return draw(bitmap, bitmap.width, bitmap.height, 'image bitmap', 'a closed one')
  }
  if (isA(source, 'HTMLCanvasElement') || isA(source, 'OffscreenCanvas')) {
    const canvas = source as HTMLCanvasElement | OffscreenCanvas
    return draw(canvas, canvas.width, canvas.height, 'canvas', 'one of no size')
  }
  return undefined
}

// By its tag: an element may come from another frame, whose classes are not this page's.
function isA(source: object, name: string): boolean {
  return Object.prototype.toString.call(source) === `[object ${name}]`
}

async function draw(
  drawable: CanvasImageSource,
  width: number,
  height: number,
  subject: string,
  without: string,
): Promise<RgbImage> {
  if (width === 0 || height === 0) throw new ImageError({ subject, expected: 'one with pixels', found: without })
  return pixelsOf(drawable, width, height, subject)
}

async function decodeImage(image: HTMLImageElement): Promise<RgbImage> {
  const subject = `<img src="${(image.currentSrc || image.src).slice(0, 120)}">`
  let bitmap: ImageBitmap
  try {
    await image.decode()
    bitmap = await createImageBitmap(image, bitmapOptions)
  } catch (error) {
    const found = `one that cannot be shown (${reasonOf(error)})`
    throw new ImageError({ subject, expected: 'an image that loads', found, cause: error })
  }
  try {
    return pixelsOf(bitmap, bitmap.width, bitmap.height, subject)
  } finally {
    bitmap.close()
  }
}

async function decodeVideo(video: HTMLVideoElement): Promise<RgbImage> {
  const subject = `<video src="${(video.currentSrc || video.src).slice(0, 120)}">`
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    const advice = "wait for its 'loadeddata' event"
    throw new ImageError({ subject, expected: 'a video with a frame to show', found: 'none yet', advice })
  }
  return draw(video, video.videoWidth, video.videoHeight, subject, 'no picture (only sound)')
}
