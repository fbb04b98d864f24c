import { startsWith, viewOf } from './header.js'

const orientationTag = 0x0112
const unsignedShort = 3

/**
 * The orientation that EXIF data ask for, from 1 (upright) to 8; 1 when they ask for none, or are damaged: a
 * photograph is not refused for its notes.
 *
 * @param exif a TIFF header and its first directory (EXIF 2.32, 4.5.2), with or without the `Exif` mark before them
 */
export function exifOrientation(exif: Uint8Array): number {
  return findOrientation(exif)?.orientation ?? 1
}

interface Found {
  readonly orientation: number
  /** Where its low byte is. */
  readonly offset: number
}

function findOrientation(exif: Uint8Array): Found | undefined {
  const start = startsWith(exif, 'Exif\0\0') ? 6 : 0
  const little = startsWith(exif, 'II*\0', start)
  if ((!little && !startsWith(exif, 'MM\0*', start)) || exif.length < start + 8) return undefined
  const view = viewOf(exif)
  const directory = start + view.getUint32(start + 4, little)
  if (directory + 2 > exif.length) return undefined
  const entries = view.getUint16(directory, little)
  for (let entry = 0, at = directory + 2; entry < entries && at + 12 <= exif.length; entry++, at += 12) {
    if (view.getUint16(at, little) !== orientationTag || view.getUint16(at + 2, little) !== unsignedShort) continue
    const orientation = view.getUint16(at + 8, little)
    return orientation >= 1 && orientation <= 8 ? { orientation, offset: at + (little ? 8 : 9) } : undefined
  }
  return undefined
}

/**
 * A WebP file that asks for no orientation, and the one that it asked for: not every browser turns WebP images, and
 * whether one does cannot be seen from the result.
 */
export function takeWebpOrientation(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly orientation: number } {
  const view = viewOf(bytes)
  // RFC 9649, 2.3: after the header, chunks of a name, a length, and data padded to an even length.
  for (let at = 12; at + 8 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at + 4, true)
    const found = startsWith(bytes, 'EXIF', at) ? findOrientation(bytes.subarray(at + 8, end)) : undefined
    if (found && found.orientation !== 1) {
      // Not `slice`, which of a Buffer makes no copy.
      const upright = new Uint8Array(bytes)
      upright[at + 8 + found.offset] = 1
      return { bytes: upright, orientation: found.orientation }
    }
    at = end + (end & 1)
  }
  return { bytes, orientation: 1 }
}
