/** How the rows of a PNG image are packed. */
export interface Layout {
  /** In pixels. */
  readonly width: number
  readonly height: number
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number
  /** Samples a pixel: 1 (grey or palette), 2 (grey, alpha), 3 (RGB) or 4 (RGBA). */
  readonly samples: number
  readonly usesPalette: boolean
  readonly interlaced: boolean
}

/** A reduced image of an interlaced one, or the whole of another: every `stepX`-th pixel from `x`, likewise down. */
export interface Pass {
  readonly x: number
  readonly y: number
  readonly stepX: number
  readonly stepY: number
  /** In pixels of the pass. */
  readonly width: number
  readonly height: number
}

// Adam7: x, y, stepX, stepY of each pass.
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** The passes that a file stores one after the other; those without a pixel are left out. */
export function passesOf({ width, height, interlaced }: Layout): Pass[] {
  const starts = interlaced ? adam7 : ([[0, 0, 1, 1]] as const)
  return starts
    .map(([x, y, stepX, stepY]) => {
      return { x, y, stepX, stepY, width: Math.ceil((width - x) / stepX), height: Math.ceil((height - y) / stepY) }
    })
    .filter((pass) => pass.width > 0 && pass.height > 0)
}

/** Bytes of a row of `width` pixels, without the byte that names its filter. */
export function rowBytes({ depth, samples }: Layout, width: number): number {
  return Math.ceil((width * depth * samples) / 8)
}

/**
 * Inflated PNG data as RGB, row by row: filters undone (in place), samples widened to 8 bits or cut to their high
 * byte, alpha dropped. Undefined when the data are damaged: a filter or a palette entry that does not exist.
 */
export function unpack(packed: Uint8Array, layout: Layout, palette: Uint8Array): Uint8Array | undefined {
  const rgb = new Uint8Array(layout.width * layout.height * 3)
  const pixelBytes = Math.max(1, (layout.depth * layout.samples) >> 3)
  const colours = layout.depth < 8 || layout.usesPalette ? coloursOf(layout, palette) : undefined
  let start = 0
  for (const pass of passesOf(layout)) {
    const length = rowBytes(layout, pass.width)
    let previous: Uint8Array = new Uint8Array(length)
    for (let y = 0; y < pass.height; y++) {
      const row = packed.subarray(start + 1, start + 1 + length)
      if (!unfilter(packed[start]!, row, previous, pixelBytes)) return undefined
      const to = ((pass.y + y * pass.stepY) * layout.width + pass.x) * 3
      if (!colours) copyWide(row, layout, rgb, to, pass)
      else if (!copyIndexed(row, layout.depth, colours, rgb, to, pass)) return undefined
      previous = row
      start += 1 + length
    }
  }
  return rgb
}

// PNG, 9.2: each byte is stored as its difference from a prediction by the bytes to the left, above, and between.
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): boolean {
  const length = row.length
  switch (filter) {
    case 0:
      return true
    case 1:
      for (let i = pixelBytes; i < length; i++) row[i] = row[i]! + row[i - pixelBytes]!
      return true
    case 2:
      for (let i = 0; i < length; i++) row[i] = row[i]! + above[i]!
      return true
    case 3:
      for (let i = 0; i < length; i++)
        row[i] = row[i]! + (((i < pixelBytes ? 0 : row[i - pixelBytes]!) + above[i]!) >> 1)
      return true
    case 4:
      for (let i = 0; i < Math.min(pixelBytes, length); i++) row[i] = row[i]! + above[i]!
      for (let i = pixelBytes; i < length; i++) {
        row[i] = row[i]! + paeth(row[i - pixelBytes]!, above[i]!, above[i - pixelBytes]!)
      }
      return true
    default:
      return false
  }
}

// PNG, 9.4: whichever of the three is nearest to left + above − corner.
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

// Samples of a byte or two, the first of which is the high one.
function copyWide(row: Uint8Array, { depth, samples }: Layout, rgb: Uint8Array, start: number, pass: Pass): void {
  const sampleBytes = depth >> 3
  const pixelBytes = sampleBytes * samples
  const green = samples < 3 ? 0 : sampleBytes
  const blue = samples < 3 ? 0 : 2 * sampleBytes
  const step = pass.stepX * 3
  for (let x = 0, from = 0, to = start; x < pass.width; x++, from += pixelBytes, to += step) {
    rgb[to] = row[from]!
    rgb[to + 1] = row[from + green]!
    rgb[to + 2] = row[from + blue]!
  }
}

/** RGB of each value of a sample: its palette entry, or its shade of grey. */
function coloursOf({ depth, usesPalette }: Layout, palette: Uint8Array): Uint8Array {
  if (usesPalette) return palette
  const most = 2 ** depth - 1
  return Uint8Array.from({ length: (most + 1) * 3 }, (_, i) => (Math.floor(i / 3) * 255) / most)
}

// Samples of a byte or less, packed from the high bits on.
function copyIndexed(
  row: Uint8Array,
  depth: number,
  colours: Uint8Array,
  rgb: Uint8Array,
  start: number,
  pass: Pass,
): boolean {
  const mask = 2 ** depth - 1
  const step = pass.stepX * 3
  for (let x = 0, to = start; x < pass.width; x++, to += step) {
    const bit = x * depth
    const colour = ((row[bit >> 3]! >> (8 - depth - (bit & 7))) & mask) * 3
    if (colour + 2 >= colours.length) return false
    rgb[to] = colours[colour]!
    rgb[to + 1] = colours[colour + 1]!
    rgb[to + 2] = colours[colour + 2]!
  }
  return true
}
