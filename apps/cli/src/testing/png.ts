import { crc32, deflateSync } from 'node:zlib'

/** A PNG file of one colour. */
export function plainPng(width: number, height: number, [red, green, blue]: readonly number[]): Buffer {
  const row = Buffer.alloc(1 + width * 3)
  for (let x = 0; x < width; x++) row.set([red!, green!, blue!], 1 + x * 3)
  return png(width, height, Buffer.concat(Array.from({ length: height }, () => row)))
}

/** A PNG file that says it is larger than its pixels. */
export function lyingPng(width: number, height: number): Buffer {
  return png(width, height, Buffer.alloc(100))
}

/** @param pixels - rows of filter byte and RGB */
function png(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND')])
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(8 + typed.length)
  framed.writeUInt32BE(data.length, 0)
  framed.set(typed, 4)
  framed.writeUInt32BE(crc32(typed), 4 + typed.length)
  return framed
}
