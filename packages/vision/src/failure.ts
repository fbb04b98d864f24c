import { ImageError } from './errors.js'
import { readHeader, startsWith } from './header.js'
import { grouped } from './image.js'

const known = 'a JPEG, PNG, WebP, GIF, AVIF or TIFF image'

/** The error for bytes that could not be decoded: says what they are, or look like, and how they are damaged. */
export function undecodable(bytes: Uint8Array, subject: string, cause?: unknown): ImageError {
  const header = readHeader(bytes)
  if (header && !header.complete) return cutOff(bytes, header.format, subject, cause)
  if (header) return damaged(header.format, subject, cause)
  return unknownFormat(bytes, subject, cause)
}

/** The error for a file without a byte. */
export function emptyFile(subject: string): ImageError {
  return new ImageError({ subject, expected: known, found: 'no data at all (0 bytes)' })
}

/** The error for a file whose end is missing. */
export function cutOff(bytes: Uint8Array, format: string, subject: string, cause?: unknown): ImageError {
  return new ImageError({
    subject,
    expected: `a whole ${format} file`,
    found: `one that is cut off after ${grouped(bytes.length)} bytes`,
    advice: 'copy or download it again',
    cause,
  })
}

/** The error for a file whose contents contradict its format. */
export function damaged(format: string, subject: string, cause?: unknown): ImageError {
  return new ImageError({ subject, expected: `an intact ${format} file`, found: 'damaged data', cause })
}

/** The error for bytes that no decoder knows, or that it knows and refuses. */
export function unknownFormat(bytes: Uint8Array, subject: string, cause?: unknown): ImageError {
  const [found, advice] = lookOf(bytes)
  return new ImageError({ subject, expected: known, found, advice, cause })
}

function lookOf(bytes: Uint8Array): [found: string, advice?: string] {
  if (startsWith(bytes, 'ftypavif', 4) || startsWith(bytes, 'ftypavis', 4)) return ['a damaged AVIF file']
  if (startsWith(bytes, 'ftyp', 4)) return ['an HEIC photograph or a video', 'save it as a JPEG']
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return ['a TIFF file that cannot be read here']
  if (startsWith(bytes, 'BM')) return ['a BMP image', 'save it as a PNG']
  if (startsWith(bytes, '%PDF')) return ['a PDF document', 'save the page as an image']
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 512)).trimStart()
  if (/^<\?xml|^<svg/i.test(text) && /<svg/i.test(text)) return ['an SVG drawing', 'render it to a PNG']
  if (text.startsWith('<')) return ['a page of markup (HTML or XML)', 'check the address']
  const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return [`data of an unknown format, beginning with ${first}`]
}
