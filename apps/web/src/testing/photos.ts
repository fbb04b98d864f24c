import { readFile } from 'node:fs/promises'
import { example } from './examples.js'

/** A JPEG that says in its EXIF that it lies on its side (orientation 6: to be turned right). */
export async function sidewaysJpeg(): Promise<Buffer> {
  const jpeg = await readFile(example('rocket.jpg'))
  return Buffer.concat([jpeg.subarray(0, 2), orientation(6), jpeg.subarray(2)])
}

/** A segment APP1 with one entry of EXIF. */
function orientation(value: number): Buffer {
  // Big-endian TIFF: its header, one entry (tag 0x0112, a short), and no further directory.
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex')
  tiff.writeUInt16BE(value, 18)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}
