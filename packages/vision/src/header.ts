/** What the start of a file, and the chain of its blocks, tell without decoding a pixel. */
export interface Header {
  readonly format: 'PNG' | 'JPEG' | 'GIF' | 'WebP'
  /** In pixels, before any turn that the file asks for; undefined when the file ends, or is damaged, before it. */
  readonly size?: { readonly width: number; readonly height: number } | undefined
  /** Whether the file goes on to its end, as its format marks it. */
  readonly complete: boolean
}

/** Reads the header of a PNG, JPEG, GIF or WebP file; undefined for anything else. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return pngHeader(bytes)
  if (startsWith(bytes, '\xff\xd8\xff')) return jpegHeader(bytes)
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return gifHeader(bytes)
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return webpHeader(bytes)
  return undefined
}

/** Whether `bytes` hold the characters of `text`, one byte each, at `offset`. */
export function startsWith(bytes: Uint8Array, text: string, offset = 0): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false
  return true
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

// Portable Network Graphics, 5.2 and 5.3: chunks of a length, a type, data and a checksum, the first of them IHDR.
function pngHeader(bytes: Uint8Array): Header {
  const view = viewOf(bytes)
  const size =
    startsWith(bytes, 'IHDR', 12) && bytes.length >= 24
      ? { width: view.getUint32(16), height: view.getUint32(20) }
      : undefined
  let offset = 8
  while (offset + 12 <= bytes.length && !startsWith(bytes, 'IEND', offset + 4)) offset += 12 + view.getUint32(offset)
  return { format: 'PNG', size, complete: offset + 12 <= bytes.length }
}

// ITU-T T.81, annex B: markers of two bytes, most of them with a length; coded data after SOS, up to the next marker.
function jpegHeader(bytes: Uint8Array): Header {
  const view = viewOf(bytes)
  let size: Header['size']
  let offset = 2
  while (offset + 4 <= bytes.length) {
    const marker = bytes[offset + 1]!
    if (bytes[offset] !== 0xff || marker === 0xff) {
      // Fill bytes, or stray ones, which decoders skip.
      offset++
      continue
    }
    if (marker === 0xd9) break
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += 2
      continue
    }
    if (isFrame(marker) && offset + 9 <= bytes.length) {
      size ??= { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) }
    }
    offset += 2 + view.getUint16(offset + 2)
    if (marker === 0xda) offset = endOfScan(bytes, offset)
  }
  return { format: 'JPEG', size, complete: bytes[offset] === 0xff && bytes[offset + 1] === 0xd9 }
}

// SOF0 to SOF15, without DHT, JPG and DAC, which lie among them.
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

// In coded data 0xff is followed by 0 (stuffing), 0xff (fill) or a restart marker; anything else ends it.
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) break
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

// GIF89a: a screen, its colours, then extensions and images, both made of sub-blocks that an empty one ends.
function gifHeader(bytes: Uint8Array): Header {
  if (bytes.length < 13) return { format: 'GIF', complete: false }
  const view = viewOf(bytes)
  const size = { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  let offset = 13 + colours(bytes[10]!)
  while (offset < bytes.length) {
    const block = bytes[offset]!
    if (block === 0x21) {
      offset = endOfSubBlocks(bytes, offset + 2)
    } else if (block === 0x2c) {
      offset = endOfSubBlocks(bytes, offset + 11 + colours(bytes[offset + 9] ?? 0))
    } else {
      // The trailer, as a rule.
      break
    }
  }
  return { format: 'GIF', size, complete: offset < bytes.length }
}

// Bytes of the colour table that a flags field announces.
function colours(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0
}

function endOfSubBlocks(bytes: Uint8Array, start: number): number {
  let offset = start
  while (offset < bytes.length && bytes[offset] !== 0) offset += 1 + bytes[offset]!
  return offset + 1
}

// RFC 9649: a RIFF file whose first chunk is VP8 (lossy), VP8L (lossless) or VP8X (extended).
function webpHeader(bytes: Uint8Array): Header {
  const view = viewOf(bytes)
  if (bytes.length < 30) return { format: 'WebP', complete: false }
  return { format: 'WebP', size: webpSize(bytes, view), complete: view.getUint32(4, true) + 8 <= bytes.length }
}

function webpSize(bytes: Uint8Array, view: DataView): Header['size'] {
  if (startsWith(bytes, 'VP8X', 12)) {
    return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 }
  }
  if (startsWith(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (startsWith(bytes, 'VP8 ', 12)) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  return undefined
}
