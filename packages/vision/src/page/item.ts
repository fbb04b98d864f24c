import { throwIfAborted } from '../abort.js'
import type { RgbImage } from '../image.js'
import type { Signal } from '../source.js'
import { pixelsOf } from './canvas.js'
import { decodeFile } from './file.js'

/** What is to be decoded. */
export type Item = EncodedFile | OwnPicture

interface EncodedFile {
  readonly kind: 'file'
  /** At least one. */
  readonly bytes: Uint8Array
  /** Its name in errors. */
  readonly subject: string
}

/** A picture that is ours: it is closed once it is read. */
interface OwnPicture {
  readonly kind: 'picture'
  readonly picture: ImageBitmap | VideoFrame
  /** In pixels. */
  readonly width: number
  readonly height: number
  readonly subject: string
}

/**
 * Decodes an item on the thread that calls.
 *
 * @throws {ImageError} when the image cannot be had
 * @throws the reason of `signal`, when it is aborted
 */
export async function decodeInPlace(item: Item, signal: Signal | undefined): Promise<RgbImage> {
  if (item.kind === 'file') {
    throwIfAborted(signal)
    return decodeFile(item.bytes, item.subject, signal)
  }
  const { picture, width, height, subject } = item
  try {
    throwIfAborted(signal)
    return pixelsOf(picture, width, height, subject)
  } finally {
    picture.close()
  }
}
