import { abortable, throwIfAborted } from './abort.js'
import { ImageError, reasonOf } from './errors.js'
import { emptyFile } from './failure.js'
import { checkLength } from './fetch.js'
import { grouped, type RgbImage } from './image.js'
import { fromRaw } from './raw.js'
import { type BlobLike, bytesOf, type DecodeOptions, type ImageSource, isBlob, isRaw, isUrl, kindOf } from './source.js'

/** What Node and a page do differently, to make something of an image. */
export interface Platform<Result> {
  /** What `decode` takes here, for the error about something else. */
  readonly takes: string
  /** The bytes of a file or a URL; `subject` is its name in errors. */
  read(location: string, subject: string, options: DecodeOptions): Promise<Uint8Array>
  /** Decodes an encoded file of at least one byte. */
  decodeFile(bytes: Uint8Array, subject: string, options: DecodeOptions): Promise<Result>
  /** Reads an object that only this platform has; undefined when it is not one. */
  decodeObject(source: object, options: DecodeOptions): Promise<Result> | undefined
  /** Takes pixels that are there already. */
  take(image: RgbImage): Result
}

/** `decode`, on a platform: tells the kinds of source apart. */
export async function decodeOn<Result>(
  platform: Platform<Result>,
  source: ImageSource,
  options: DecodeOptions,
): Promise<Result> {
  throwIfAborted(options.signal)
  return abortable(decodeSource(platform, source, options), options.signal)
}

async function decodeSource<Result>(
  platform: Platform<Result>,
  source: unknown,
  options: DecodeOptions,
): Promise<Result> {
  const decodeFile = (bytes: Uint8Array, subject: string): Promise<Result> => {
    throwIfAborted(options.signal)
    if (bytes.length === 0) throw emptyFile(subject)
    return platform.decodeFile(bytes, subject, options)
  }
  if (typeof source === 'string') {
    const subject = shortened(source)
    return decodeFile(await platform.read(source, subject, options), subject)
  }
  const bytes = bytesOf(source)
  if (bytes) return decodeFile(bytes, `image of ${grouped(bytes.length)} bytes`)
  if (typeof source === 'object' && source !== null) {
    const decoded = platform.decodeObject(source, options)
    if (decoded) return decoded
    if (isRaw(source)) return platform.take(fromRaw(source))
    if (isBlob(source)) return decodeFile(await readBlob(source), blobSubject(source))
    if (isUrl(source)) return decodeSource(platform, source.href, options)
  }
  throw new ImageError({ subject: 'image', expected: platform.takes, found: kindOf(source) })
}

async function readBlob(blob: BlobLike): Promise<Uint8Array> {
  const subject = blobSubject(blob)
  checkLength(blob.size, subject)
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch (error) {
    const found = `one that cannot be read (${reasonOf(error)})`
    throw new ImageError({ subject, expected: 'a readable file', found, cause: error })
  }
}

function blobSubject(blob: BlobLike & { readonly name?: unknown }): string {
  return typeof blob.name === 'string' && blob.name ? blob.name : `image of ${grouped(blob.size)} bytes`
}

// Short enough to be part of a sentence: a `data:` URL holds a whole file.
function shortened(location: string): string {
  if (location === '') return "path ''"
  return location.length > 200 ? `${location.slice(0, 80)}… (${grouped(location.length)} characters)` : location
}
