import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { deflateSync } from 'node:zlib'
import { imagenetPreprocess } from '@resnet-ts/graph'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { cmykToRgb } from './cmyk.js'
import { decode } from './decode.js'
import { orient } from './orient.js'
import { preprocess } from './preprocess.js'
import { holding, ihdr, png, pngOf } from './testing/files.js'
import { examplePath, synthetic } from './testing/golden.js'
import { difference, gradient, noise, sha256 } from './testing/images.js'

const image = noise(31, 17)
const grey = (values: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: values.length * 3 }, (_, i) => values[Math.floor(i / 3)]!)

describe('decode takes', () => {
  const path = examplePath('chelsea.png')

  it('a path, a file URL, and its text', async () => {
    const expected = await decode(path)
    expect([expected.width, expected.height]).toEqual([451, 300])
    expect(difference(await decode(pathToFileURL(path)), expected).worst).toBe(0)
    expect(difference(await decode(pathToFileURL(path).href), expected).worst).toBe(0)
  })

  it('bytes, an ArrayBuffer, part of a larger one, a Blob and a File', async () => {
    const bytes = new Uint8Array(await png(image))
    const padded = new Uint8Array(bytes.length + 20)
    padded.set(bytes, 7)
    expect(await decode(bytes)).toEqual(image)
    expect(await decode(bytes.buffer)).toEqual(image)
    expect(await decode(padded.subarray(7, 7 + bytes.length))).toEqual(image)
    expect(await decode(new Blob([bytes]))).toEqual(image)
    const { File } = await import('node:buffer')
    expect(await decode(new File([bytes], 'noise.png'))).toEqual(image)
  })

  it('an HTTP URL and a data URL', async () => {
    const bytes = await png(image)
    const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/noise.png`
    try {
      expect(await decode(url)).toEqual(image)
      expect(await decode(new URL(url))).toEqual(image)
    } finally {
      server.close()
      server.closeAllConnections()
    }
    expect(await decode(`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`)).toEqual(image)
  })

  it('a URL through the fetch it is given, which gets the signal', async () => {
    const bytes = new Uint8Array(await png(image))
    const calls: unknown[] = []
    const { signal } = new AbortController()
    const fetch = async (...call: unknown[]): Promise<Response> => {
      calls.push(call)
      return new Response(bytes)
    }
    expect(await decode('https://example.test/a.png', { fetch, signal })).toEqual(image)
    expect(calls).toEqual([['https://example.test/a.png', { signal }]])
  })

  it('an answer that has no stream', async () => {
    const bytes = await png(image)
    const arrayBuffer = async (): Promise<ArrayBuffer> => new Uint8Array(bytes).buffer
    const answer = { ok: true, status: 200, statusText: 'OK', headers: new Headers(), arrayBuffer }
    expect(await decode('https://example.test/a.png', { fetch: async () => answer })).toEqual(image)
  })

  it('raw RGB without a copy, and RGBA or ImageData without its alpha', async () => {
    const decoded = await decode(image)
    expect(decoded).toEqual(image)
    expect(decoded.data.buffer).toBe(image.data.buffer)
    const rgba = new Uint8ClampedArray(31 * 17 * 4).fill(9)
    for (let i = 0; i < 31 * 17; i++) rgba.set(image.data.subarray(i * 3, i * 3 + 3), i * 4)
    expect(await decode({ width: 31, height: 17, data: rgba })).toEqual(image)
  })

  it.each([
    [1, 1],
    [30_000, 1],
  ])('an image of %i × %i, up to its preprocessing', async (width, height) => {
    const decoded = await decode(await png(noise(width, height)))
    expect(difference(decoded, noise(width, height)).worst).toBe(0)
    expect(preprocess(decoded, imagenetPreprocess).shape).toEqual([1, 224, 224, 3])
  })
})

describe('decode makes upright RGB of', () => {
  it.each(synthetic.orientation)('EXIF orientation $orientation, as Pillow', async ({ orientation, size, hex }) => {
    const [width, height] = size
    const upright = { width, height, data: Uint8Array.from(Buffer.from(hex, 'hex')) }
    const turned = holding(noise(5, 3)).withMetadata({ orientation })
    expect(await decode(await turned.clone().png().toBuffer())).toEqual(upright)
    expect(await decode(await turned.clone().tiff({ compression: 'lzw' }).toBuffer())).toEqual(upright)
    expect(await decode(await turned.clone().webp({ lossless: true }).toBuffer())).toEqual(upright)
  })

  it('a JPEG that lies on its head, or on its side', async () => {
    const jpeg = (orientation: number): Promise<Buffer> =>
      holding(image).withMetadata({ orientation }).jpeg().toBuffer()
    const stored = await decode(await jpeg(1))
    expect(await decode(await jpeg(3))).toEqual(orient(stored, 3))
    expect(await decode(await jpeg(6))).toEqual(orient(stored, 6))
  })

  it('grey, with and without alpha', async () => {
    const values = image.data.subarray(0, 31 * 17)
    const one = sharp(values, { raw: { width: 31, height: 17, channels: 1 } }).toColourspace('b-w')
    const expected = { width: 31, height: 17, data: grey(values) }
    const file = await one.png().toBuffer()
    expect((await sharp(file).metadata()).channels).toBe(1)
    expect(await decode(file)).toEqual(expected)
    const pairs = Buffer.from(Array.from(values, (value, i) => [value, i & 255]).flat())
    const rows = Array.from({ length: 17 }, (_, y) =>
      Buffer.concat([Buffer.of(0), pairs.subarray(y * 62, y * 62 + 62)]),
    )
    const withAlpha = pngOf(
      ['IHDR', ihdr(31, 17, 8, 4)],
      ['IDAT', deflateSync(Buffer.concat(rows))],
      ['IEND', Buffer.of()],
    )
    expect(await decode(withAlpha)).toEqual(expected)
  })

  it('16 bits a channel: the high byte', async () => {
    const wide = Uint16Array.from(image.data, (value, i) => value * 256 + ((i * 37) & 255))
    const rgb = await sharp(wide, { raw: { width: 31, height: 17, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect((await sharp(rgb).metadata()).depth).toBe('ushort')
    expect(await decode(rgb)).toEqual(image)
    const values = wide.subarray(0, 31 * 17)
    const one = sharp(values, { raw: { width: 31, height: 17, channels: 1 } }).toColourspace('grey16')
    const file = await one.png().toBuffer()
    expect((await sharp(file).metadata()).depth).toBe('ushort')
    expect(await decode(file)).toEqual({ width: 31, height: 17, data: grey(image.data.subarray(0, 31 * 17)) })
  })

  it('alpha: dropped, whatever lies beneath', async () => {
    const rgba = Buffer.alloc(31 * 17 * 4)
    for (let i = 0; i < 31 * 17; i++) rgba.set([...image.data.subarray(i * 3, i * 3 + 3), i % 256], i * 4)
    const raw = sharp(rgba, { raw: { width: 31, height: 17, channels: 4 } })
    expect(await decode(await raw.clone().png().toBuffer())).toEqual(image)
    expect(await decode(await raw.clone().webp({ lossless: true, exact: true }).toBuffer())).toEqual(image)
  })

  it('a palette with alpha', async () => {
    const palette = noise(16, 1).data
    const indices = Array.from({ length: 31 * 17 }, (_, i) => (i * 7) % 16)
    const rows = Array.from({ length: 17 }, (_, y) => Buffer.from([0, ...indices.slice(y * 31, y * 31 + 31)]))
    const file = pngOf(
      ['IHDR', ihdr(31, 17, 8, 3)],
      ['PLTE', palette],
      ['tRNS', Buffer.from([0, 128, 255, 3])],
      ['IDAT', deflateSync(Buffer.concat(rows))],
      ['IEND', Buffer.of()],
    )
    const data = Uint8Array.from(indices.flatMap((index) => [...palette.subarray(index * 3, index * 3 + 3)]))
    expect(await decode(file)).toEqual({ width: 31, height: 17, data })
  })

  it("CMYK: by Pillow's formula", async () => {
    const file = await holding(gradient(64, 48)).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(file).metadata()).space).toBe('cmyk')
    const { data, info } = await sharp(file)
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info.channels).toBe(4)
    const decoded = await decode(file)
    expect(decoded).toEqual({ width: 64, height: 48, data: cmykToRgb(data, 4) })
    // The same colours come back, roughly: the file was written through a profile, and is read without one.
    expect(decoded.data[0]).toBeLessThan(decoded.data[63 * 3]!)
  })

  it('animations: the first frame', async () => {
    const frames = Buffer.concat([image.data, noise(31, 18).data.subarray(0, image.data.length)])
    const pages = sharp(frames, { raw: { width: 31, height: 34, channels: 3, pageHeight: 17 } })
    const webp = await pages.clone().webp({ lossless: true }).toBuffer()
    expect((await sharp(webp).metadata()).pages).toBe(2)
    expect(await decode(webp)).toEqual(image)

    const two = Buffer.alloc(31 * 34 * 3, 200).fill(100, 0, 31 * 17 * 3)
    const gif = await sharp(two, { raw: { width: 31, height: 34, channels: 3, pageHeight: 17 } })
      .gif()
      .toBuffer()
    expect((await sharp(gif).metadata()).pages).toBe(2)
    const first = await decode(gif)
    expect([first.width, first.height]).toEqual([31, 17])
    expect(new Set(first.data)).toEqual(new Set([100]))
  })

  it('a profile or a gamma: values untouched', async () => {
    const profiled = await holding(image).withIccProfile('p3').png().toBuffer()
    const stored = await sharp(profiled, { ignoreIcc: true }).raw().toBuffer()
    expect((await sharp(profiled).metadata()).hasProfile).toBe(true)
    expect(difference(await decode(profiled), { ...image, data: stored }).worst).toBe(0)

    const plain = await png(image)
    const gamma = Buffer.from([...pngOf(['gAMA', Buffer.from([0, 1, 0x86, 0xa0])]).subarray(8)])
    const withGamma = Buffer.concat([plain.subarray(0, 33), gamma, plain.subarray(33)])
    expect((await sharp(withGamma).metadata()).format).toBe('png')
    expect(await decode(withGamma)).toEqual(image)
  })

  it('AVIF', async () => {
    const smooth = gradient(64, 48)
    const decoded = await decode(await holding(smooth).avif({ quality: 95, effort: 0 }).toBuffer())
    const { worst, where } = difference(decoded, smooth)
    expect(worst, where).toBeLessThanOrEqual(8)
  })
})

describe('cmykToRgb', () => {
  it('equals Pillow for every pair of cyan and black', () => {
    const data = new Uint8Array(256 * 256 * 4)
    for (let black = 0, at = 0; black < 256; black++) {
      for (let cyan = 0; cyan < 256; cyan++, at += 4) data.set([cyan, 255 - cyan, cyan >> 1, black], at)
    }
    expect(sha256(cmykToRgb(data, 4))).toBe(synthetic.cmyk.sha256)
  })
})

describe('decode and its signal', () => {
  it('reject with the reason of one that is aborted before', async () => {
    const reason = new Error('enough')
    await expect(decode(image, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await expect(decode('missing.png', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('reject at once with the reason of one that is aborted meanwhile', async () => {
    const controller = new AbortController()
    const never = new Promise<Response>(() => {})
    const decoding = decode('https://example.test/a.png', { fetch: () => never, signal: controller.signal })
    controller.abort()
    await expect(decoding).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('stop the decoding of a file', async () => {
    const controller = new AbortController()
    const decoding = decode(await readFile(examplePath('rocket.jpg')), { signal: controller.signal })
    controller.abort('stop')
    await expect(decoding).rejects.toBe('stop')
  })

  it('leave no listener behind', async () => {
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const counted = Object.assign(Object.create(signal), {
      addEventListener: (_: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
    })
    Object.defineProperty(counted, 'aborted', { value: false })
    await decode(image, { signal: counted })
    expect(listeners.size).toBe(0)
  })
})
