import { throwIfAborted } from './abort.js'
import { crc32 } from './crc32.js'
import { exifOrientation } from './exif.js'
import { cutOff, damaged } from './failure.js'
import { startsWith, viewOf } from './header.js'
import { checkSize, type RgbImage } from './image.js'
import { orient } from './orient.js'
import { type Layout, passesOf, rowBytes, unpack } from './png-rows.js'
import type { Signal } from './source.js'

// Deflate cannot pack more than this many bytes into one (a match of 258 bytes in two bits), so a file that claims
// more pixels than its data can hold is refused before memory is set aside for them.
const maxDeflateRatio = 1032

/**
 * A PNG file as upright RGB: palettes looked up, grey repeated, alpha and `tRNS` dropped, the high byte of 16-bit
 * channels, gamma and colour profiles ignored, the orientation of `eXIf` applied.
 *
 * Source: Portable Network Graphics (PNG) Specification, third edition, W3C 2025.
 *
 * @throws {ImageError} when the file is cut off or damaged, or has too many pixels
 */
export async function decodePng(bytes: Uint8Array, subject: string, signal?: Signal): Promise<RgbImage> {
  const { layout, palette, orientation, compressed, complete } = readChunks(bytes, subject)
  const failure = (cause?: unknown): Error =>
    complete ? damaged('PNG', subject, cause) : cutOff(bytes, 'PNG', subject, cause)

  const length = passesOf(layout).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(layout, pass.width)), 0)
  const compressedLength = compressed.reduce((sum, part) => sum + part.length, 0)
  if (length > compressedLength * maxDeflateRatio) throw failure()
  const packed = new Uint8Array(length)
  try {
    await inflateInto(packed, compressed, signal)
  } catch (error) {
    throwIfAborted(signal)
    throw failure(error)
  }
  const data = unpack(packed, layout, palette)
  if (!data) throw failure()
  return orient({ width: layout.width, height: layout.height, data }, orientation)
}

interface Chunks {
  readonly layout: Layout
  readonly palette: Uint8Array
  readonly orientation: number
  readonly compressed: readonly Uint8Array[]
  /** Whether the end of the file is there. */
  readonly complete: boolean
}

function readChunks(bytes: Uint8Array, subject: string): Chunks {
  const view = viewOf(bytes)
  const compressed: Uint8Array[] = []
  let layout: Layout | undefined
  let palette: Uint8Array = new Uint8Array(0)
  let orientation = 1
  let complete = false
  for (let offset = 8; offset < bytes.length && !complete; ) {
    if (offset + 8 > bytes.length) throw cutOff(bytes, 'PNG', subject)
    const end = offset + 8 + view.getUint32(offset)
    const data = bytes.subarray(offset + 8, end)
    const is = (type: string): boolean => startsWith(bytes, type, offset + 4)
    if (end + 4 > bytes.length) throw cutOff(bytes, 'PNG', subject)
    // A capital letter begins the name of a chunk that one cannot do without.
    const critical = bytes[offset + 4]! < 0x60
    if (critical && crc32(bytes.subarray(offset + 4, end)) !== view.getUint32(end)) throw damaged('PNG', subject)
    if (is('IHDR')) layout = readLayout(data, subject)
    if (is('PLTE')) palette = data
    if (is('eXIf')) orientation = exifOrientation(data)
    if (is('IDAT')) compressed.push(data)
    if (is('IEND')) complete = true
    offset = end + 4
  }
  if (!layout) throw complete ? damaged('PNG', subject) : cutOff(bytes, 'PNG', subject)
  return { layout, palette, orientation, compressed, complete }
}

// Samples a pixel, and the bit depths allowed, of each colour type: grey, RGB, palette, grey + alpha, RGB + alpha.
const colourTypes: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}

function readLayout(data: Uint8Array, subject: string): Layout {
  const [depth, colourType, compression, filter, interlace] = data.subarray(8)
  const type = colourTypes[colourType!]
  if (data.length !== 13 || !type?.depths.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1) {
    throw damaged('PNG', subject)
  }
  const view = viewOf(data)
  const layout = { width: view.getUint32(0), height: view.getUint32(4), depth: depth!, samples: type.samples }
  checkSize(layout.width, layout.height, subject)
  return { ...layout, usesPalette: colourType === 3, interlaced: interlace === 1 }
}

/** Fills `target` from a zlib stream; what the stream holds beyond it is left alone, as libpng does. */
async function inflateInto(target: Uint8Array, parts: readonly Uint8Array[], signal?: Signal): Promise<void> {
  const blob = new Blob(parts as Uint8Array<ArrayBuffer>[])
  const reader = blob.stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  let offset = 0
  while (offset < target.length) {
    throwIfAborted(signal)
    const { done, value } = await reader.read()
    if (done) throw new RangeError(`the data ends after ${offset} of ${target.length} bytes`)
    const fits = value.subarray(0, target.length - offset)
    target.set(fits, offset)
    offset += fits.length
  }
  await reader.cancel()
}
