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
  const tiff = startsWith(exif, 'Exif\0\0') ? exif.subarray(6) : exif
  const little = startsWith(tiff, 'II*\0')
  if ((!little && !startsWith(tiff, 'MM\0*')) || tiff.length < 8) return 1
  const view = viewOf(tiff)
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  const entries = view.getUint16(directory, little)
  for (let entry = 0, at = directory + 2; entry < entries && at + 12 <= tiff.length; entry++, at += 12) {
    if (view.getUint16(at, little) !== orientationTag || view.getUint16(at + 2, little) !== unsignedShort) continue
    const orientation = view.getUint16(at + 8, little)
    return orientation >= 1 && orientation <= 8 ? orientation : 1
  }
  return 1
}
