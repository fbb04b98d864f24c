import { readFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from './decode.js'
import { ImageError } from './errors.js'
import { decodePng } from './png.js'
import { passesOf, rowBytes } from './png-rows.js'
import { holding, ihdr, png, pngOf } from './testing/files.js'
import { examplePath, synthetic } from './testing/golden.js'
import { difference, noise } from './testing/images.js'

const end = ['IEND', new Uint8Array(0)] as const
const samplesOf: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const kinds: readonly (readonly [colourType: number, depth: number])[] = [
  ...[1, 2, 4, 8, 16].map((depth) => [0, depth] as const),
  ...[8, 16].map((depth) => [2, depth] as const),
  ...[1, 2, 4, 8].map((depth) => [3, depth] as const),
  ...[8, 16].flatMap((depth) => [[4, depth] as const, [6, depth] as const]),
]

/** Any rows of bytes, each after the number of a filter, are an image: so this is one of noise. */
function anyPng(
  width: number,
  height: number,
  [colourType, depth]: (typeof kinds)[number],
  interlaced: boolean,
): Uint8Array {
  const layout = { width, height, depth, samples: samplesOf[colourType]!, usesPalette: colourType === 3, interlaced }
  const bytes = noise(width * 4, height * 4).data
  const rows: Uint8Array[] = []
  for (const pass of passesOf(layout)) {
    for (let y = 0; y < pass.height; y++) {
      const start = rows.length * 7
      rows.push(Uint8Array.of(rows.length % 5), bytes.subarray(start, start + rowBytes(layout, pass.width)))
    }
  }
  const packed = deflateSync(Buffer.concat(rows))
  const half = packed.length >> 1
  return pngOf(
    ['IHDR', ihdr(width, height, depth, colourType, interlaced ? 1 : 0)],
    ['PLTE', noise(2 ** Math.min(8, depth), 1).data],
    ['IDAT', packed.subarray(0, half)],
    ['IDAT', packed.subarray(half)],
    end,
  )
}

describe('decodePng', () => {
  it.each(kinds)('equals sharp, which was compared with Pillow: colour type %i, %i bits', async (...kind) => {
    // A palette chunk may not be in a grey file.
    const withoutPalette = (file: Uint8Array): Uint8Array => {
      const at = Buffer.from(file).indexOf('PLTE')
      const length = Buffer.from(file).readUInt32BE(at - 4)
      return Buffer.concat([file.subarray(0, at - 4), file.subarray(at + 8 + length)])
    }
    const side = fc.integer({ min: 1, max: 20 })
    await fc.assert(
      fc.asyncProperty(side, side, fc.boolean(), async (width, height, interlaced) => {
        const any = anyPng(width, height, kind, interlaced)
        const file = kind[0] === 3 ? any : withoutPalette(any)
        expect(await decodePng(file, 'noise')).toEqual(await decode(file))
      }),
      { numRuns: 12 },
    )
  })

  it.each(['chelsea.png', 'coffee.png'])('equals sharp: %s', async (name) => {
    const file = await readFile(examplePath(name))
    expect(difference(await decodePng(file, name), await decode(file)).worst).toBe(0)
  })

  it.each(synthetic.orientation)(
    'applies EXIF orientation $orientation, as Pillow',
    async ({ orientation, size, hex }) => {
      const file = await holding(noise(5, 3)).withMetadata({ orientation }).png().toBuffer()
      const [width, height] = size
      expect(await decodePng(file, 'noise')).toEqual({ width, height, data: Uint8Array.from(Buffer.from(hex, 'hex')) })
    },
  )

  it('takes 30,000 × 1 and 1 × 1', async () => {
    for (const image of [noise(30_000, 1), noise(1, 1)])
      expect(difference(await decodePng(await png(image), 'noise'), image).worst).toBe(0)
  })

  it('takes a file whose last chunk is missing, as Pillow and sharp do', async () => {
    const file = await png(noise(9, 9))
    expect(await decodePng(file.subarray(0, -12), 'noise')).toEqual(noise(9, 9))
  })

  const refused = async (file: Uint8Array, message: string): Promise<void> => {
    const decoding = decodePng(file, 'noise')
    await expect(decoding).rejects.toBeInstanceOf(ImageError)
    await expect(decoding).rejects.toThrow(message)
  }

  it('refuses a file that is cut off anywhere', async () => {
    const file = await png(noise(9, 9))
    for (let length = 8; length < file.length - 16; length++) {
      await refused(file.subarray(0, length), `a whole PNG file, found one that is cut off after ${length} bytes`)
    }
  })

  it('refuses damaged data, wherever it is, and never gives a wrong picture', async () => {
    const file = await png(noise(9, 9))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = Uint8Array.from(file)
          damaged[at]! ^= flip
          const result = await decodePng(damaged, 'noise').catch((error: unknown) => error)
          if (result instanceof ImageError) return
          // What holds no pixels may be damaged: a chunk that is not needed, or the last one.
          expect(result).toEqual(noise(9, 9))
        },
      ),
      { numRuns: 150 },
    )
  })

  const rows = (bytes: number, filter = 0): Uint8Array => deflateSync(Buffer.alloc(bytes).fill(filter, 0, 1))
  it.each([
    ['no header', pngOf(['IDAT', rows(13)], end), 'an intact PNG file, found damaged data'],
    ['a depth that does not exist', pngOf(['IHDR', ihdr(2, 2, 3)], ['IDAT', rows(14)], end), 'damaged data'],
    ['a colour type that does not exist', pngOf(['IHDR', ihdr(2, 2, 8, 5)], ['IDAT', rows(14)], end), 'damaged data'],
    ['too short a header', pngOf(['IHDR', ihdr(2, 2).subarray(0, 12)], ['IDAT', rows(14)], end), 'damaged data'],
    ['no data', pngOf(['IHDR', ihdr(2, 2)], end), 'damaged data'],
    ['too little data', pngOf(['IHDR', ihdr(2, 2)], ['IDAT', rows(13)], end), 'damaged data'],
    ['a filter that does not exist', pngOf(['IHDR', ihdr(2, 2)], ['IDAT', rows(14, 5)], end), 'damaged data'],
    ['a colour outside the palette', pngOf(['IHDR', ihdr(1, 1, 8, 3)], ['IDAT', rows(2)], end), 'damaged data'],
    ['no pixels', pngOf(['IHDR', ihdr(0, 2)], ['IDAT', rows(14)], end), 'at least 1 pixel, found 0 × 2'],
    ['too many pixels', pngOf(['IHDR', ihdr(20_000, 20_000)], ['IDAT', rows(14)], end), 'at most 268,000,000 pixels'],
    ['more pixels than data can hold', pngOf(['IHDR', ihdr(16_000, 16_000)], ['IDAT', rows(14)], end), 'damaged data'],
  ])('refuses %s', async (_, file, message) => refused(file, message))

  it('stops when it is told to', async () => {
    const file = await readFile(examplePath('coffee.png'))
    await expect(decodePng(file, 'coffee', AbortSignal.abort('stop'))).rejects.toBe('stop')
  })
})
