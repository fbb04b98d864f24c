import sharp, { type Sharp } from 'sharp'
import { crc32 } from '../crc32.js'
import type { RgbImage } from '../image.js'

/** sharp, holding an image. */
export function holding({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

export async function png(image: RgbImage): Promise<Uint8Array> {
  return holding(image).png().toBuffer()
}

/** A PNG of the given chunks, with whatever lengths and checksums belong to them. */
export function pngOf(...chunks: readonly (readonly [type: string, data: Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)]
  for (const [type, data] of chunks) {
    const chunk = Buffer.alloc(data.length + 12)
    chunk.writeUInt32BE(data.length, 0)
    chunk.write(type, 4, 'latin1')
    chunk.set(data, 8)
    chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8)
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** The data of an IHDR chunk. */
export function ihdr(width: number, height: number, depth = 8, colourType = 2, interlace = 0): Uint8Array {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([depth, colourType, 0, 0, interlace], 8)
  return data
}
