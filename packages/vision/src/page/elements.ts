import { ImageError, reasonOf } from '../errors.js'
import type { Signal } from '../source.js'
import type { Wanted } from '../wanted.js'
import { bitmapOptions, pixelsOf } from './canvas.js'
import { decodeItem, holdsUpPage } from './decodeItem.js'

/** What is wanted of an object that only a page or a worker has; undefined when `source` is not one. */
export function decodeObject<Result>(
  source: object,
  wanted: Wanted<Result>,
  signal: Signal | undefined,
): Promise<Result> | undefined {
  if (isA(source, 'HTMLImageElement')) return decodeImage(source as HTMLImageElement, wanted, signal)
  const drawable = drawableOf(source)
  return drawable && decodeDrawable(drawable, wanted, signal)
}

/** Something that can be drawn as it is. */
interface Drawable {
  readonly source: CanvasImageSource
  readonly width: number
  readonly height: number
  readonly subject: string
  /** What it is when it has no size. */
  readonly without: string
  /** A picture like it that can be sent to a worker, made without drawing it here; it shows what is there at the call. */
  copy?(): Promise<ImageBitmap> | VideoFrame | undefined
}

function drawableOf(source: object): Drawable | undefined {
  if (isA(source, 'HTMLVideoElement')) return videoDrawable(source as HTMLVideoElement)
  if (isA(source, 'VideoFrame')) {
    const frame = source as VideoFrame
    const { displayWidth: width, displayHeight: height } = frame
    return { source: frame, width, height, subject: 'video frame', without: 'a closed one', copy: () => frame.clone() }
  }
  if (isA(source, 'ImageBitmap')) {
    const bitmap = source as ImageBitmap
    const { width, height } = bitmap
    const copy = () => frameOf(bitmap)
    return { source: bitmap, width, height, subject: 'image bitmap', without: 'a closed one', copy }
  }
  if (isA(source, 'HTMLCanvasElement') || isA(source, 'OffscreenCanvas')) {
    const canvas = source as HTMLCanvasElement | OffscreenCanvas
    const { width, height } = canvas
    const copy = () => createImageBitmap(canvas)
    return { source: canvas, width, height, subject: 'canvas', without: 'one of no size', copy }
  }
  return undefined
}

// By its tag: an element may come from another frame, whose classes are not this page's.
function isA(source: object, name: string): boolean {
  return Object.prototype.toString.call(source) === `[object ${name}]`
}

async function decodeDrawable<Result>(
  drawable: Drawable,
  wanted: Wanted<Result>,
  signal: Signal | undefined,
): Promise<Result> {
  const { source, width, height, subject, without } = drawable
  if (width === 0 || height === 0) throw new ImageError({ subject, expected: 'one with pixels', found: without })
  // What needs no copy is drawn before the caller goes on, who may close it, or paint it over.
  const copy = holdsUpPage(drawable) ? copyOf(drawable) : undefined
  const picture = copy && (await copy)
  if (picture) return decodeItem({ kind: 'picture', picture, width, height, subject }, wanted, signal)
  return wanted.make(pixelsOf(source, width, height, subject))
}

/** Undefined where there is none, as when there is no memory for another. */
function copyOf(drawable: Drawable): Promise<ImageBitmap | undefined> | VideoFrame | undefined {
  try {
    const copy = drawable.copy?.()
    return copy && 'then' in copy ? copy.catch(() => undefined) : copy
  } catch {
    return undefined
  }
}

/**
 * An opaque bitmap as a frame, which shares its pixels: a bitmap itself is copied when it is sent. What may be translucent,
 * or would be taken apart into luma and chroma, might come back with other bytes.
 */
function frameOf(bitmap: ImageBitmap): VideoFrame | undefined {
  const frame = new VideoFrame(bitmap, { timestamp: 0 })
  const { format, displayWidth, displayHeight } = frame
  const same = displayWidth === bitmap.width && displayHeight === bitmap.height
  if (same && (format === 'RGBX' || format === 'BGRX')) return frame
  frame.close()
  return undefined
}

async function decodeImage<Result>(
  image: HTMLImageElement,
  wanted: Wanted<Result>,
  signal: Signal | undefined,
): Promise<Result> {
  const subject = `<img src="${(image.currentSrc || image.src).slice(0, 120)}">`
  let bitmap: ImageBitmap
  try {
    await image.decode()
    bitmap = await createImageBitmap(image, bitmapOptions)
  } catch (error) {
    const found = `one that cannot be shown (${reasonOf(error)})`
    throw new ImageError({ subject, expected: 'an image that loads', found, cause: error })
  }
  const { width, height } = bitmap
  return decodeItem({ kind: 'picture', picture: bitmap, width, height, subject }, wanted, signal)
}

function videoDrawable(video: HTMLVideoElement): Drawable {
  const subject = `<video src="${(video.currentSrc || video.src).slice(0, 120)}">`
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    const advice = "wait for its 'loadeddata' event"
    throw new ImageError({ subject, expected: 'a video with a frame to show', found: 'none yet', advice })
  }
  const { videoWidth: width, videoHeight: height } = video
  return { source: video, width, height, subject, without: 'no picture (only sound)' }
}
