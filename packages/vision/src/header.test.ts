import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { exifOrientation, takeWebpOrientation } from './exif.js'
import { readHeader } from './header.js'
import { holding } from './testing/files.js'
import { examplePath } from './testing/golden.js'
import { noise } from './testing/images.js'

const image = holding(noise(37, 23))
const transparent = image.clone().ensureAlpha(0.5)
const two = sharp(noise(37, 46).data, { raw: { width: 37, height: 46, channels: 3, pageHeight: 23 } })
const files: readonly [string, 'PNG' | 'JPEG' | 'GIF' | 'WebP', Promise<Buffer>][] = [
  ['PNG', 'PNG', image.clone().png().toBuffer()],
  ['interlaced PNG', 'PNG', image.clone().png({ progressive: true }).toBuffer()],
  ['JPEG', 'JPEG', image.clone().jpeg().toBuffer()],
  ['progressive JPEG', 'JPEG', image.clone().jpeg({ progressive: true }).toBuffer()],
  [
    'JPEG with EXIF and a profile',
    'JPEG',
    image.clone().withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg().toBuffer(),
  ],
  ['GIF', 'GIF', image.clone().gif().toBuffer()],
  ['animated GIF', 'GIF', two.clone().gif().toBuffer()],
  ['lossy WebP', 'WebP', image.clone().webp().toBuffer()],
  ['lossless WebP', 'WebP', image.clone().webp({ lossless: true }).toBuffer()],
  ['transparent WebP', 'WebP', transparent.clone().webp().toBuffer()],
  ['animated WebP', 'WebP', two.clone().webp().toBuffer()],
]

describe('readHeader', () => {
  it.each(files)('reads a %s', async (_, format, file) => {
    expect(readHeader(await file)).toEqual({ format, size: { width: 37, height: 23 }, complete: true })
  })

  it.each(files)('sees where a %s is cut off, and never throws', async (name, format, file) => {
    const bytes = await file
    // The first frame of an animated GIF is whole before the file is.
    const needed = name === 'animated GIF' ? bytes.length >> 2 : bytes.length - 1
    for (let length = 0; length < bytes.length; length++) {
      const header = readHeader(bytes.subarray(0, length))
      if (length >= 12) expect(header?.format).toBe(format)
      if (header && length < needed) expect(header.complete, `cut to ${length}`).toBe(false)
    }
  })

  it.each(files)('survives a damaged %s', async (_name, _format, file) => {
    const bytes = await file
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const damaged = Uint8Array.from(bytes.subarray(0, length))
        damaged[at] = value
        readHeader(damaged)
      }),
    )
  })

  it('reads the photographs', async () => {
    const size = async (name: string) => readHeader(await readFile(examplePath(name)))
    expect(await size('chelsea.png')).toEqual({ format: 'PNG', size: { width: 451, height: 300 }, complete: true })
    expect(await size('rocket.jpg')).toEqual({ format: 'JPEG', size: { width: 640, height: 427 }, complete: true })
  })

  it('knows nothing of other data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(readHeader(bytes)).toBeUndefined()
      }),
    )
  })
})

describe('exifOrientation', () => {
  const little = Buffer.from('49492a0008000000010012010300010000000600000000000000', 'hex')
  const big = Buffer.from('4d4d002a00000008000101120003000000010008000000000000', 'hex')

  it('reads either order of bytes, with or without the mark', () => {
    expect(exifOrientation(little)).toBe(6)
    expect(exifOrientation(big)).toBe(8)
    expect(exifOrientation(Buffer.concat([Buffer.from('Exif\0\0'), little]))).toBe(6)
  })

  it('takes an impossible one, and damaged data, for upright', () => {
    const impossible = Buffer.from(little)
    impossible[18] = 9
    expect(exifOrientation(impossible)).toBe(1)
    for (let length = 0; length < 22; length++) expect(exifOrientation(little.subarray(0, length))).toBe(1)
    fc.assert(
      fc.property(fc.nat(little.length - 1), fc.nat(255), fc.nat(little.length), (at, value, length) => {
        const damaged = Uint8Array.from(little.subarray(0, length))
        damaged[at] = value
        const orientation = exifOrientation(damaged)
        expect(orientation >= 1 && orientation <= 8).toBe(true)
      }),
    )
  })
})

describe('takeWebpOrientation', () => {
  it('takes it out of the file, and leaves the rest', async () => {
    const turned = await image.clone().withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer()
    const { bytes, orientation } = takeWebpOrientation(turned)
    expect(orientation).toBe(6)
    expect((await sharp(turned).metadata()).orientation).toBe(6)
    expect((await sharp(bytes).metadata()).orientation).toBe(1)
    expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(turned).raw().toBuffer())
    expect(takeWebpOrientation(bytes)).toEqual({ bytes, orientation: 1 })
  })
})
