import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { ResnetError } from '@resnet-ts/graph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode } from './decode.js'
import { ImageError } from './errors.js'
import type { DecodeOptions, ImageSource } from './source.js'
import { holding, ihdr, pngOf } from './testing/files.js'
import { examplePath } from './testing/golden.js'
import { noise } from './testing/images.js'

/** The message of the ImageError, which must be one sentence, that decoding ends with. */
async function failure(source: unknown, options?: DecodeOptions): Promise<string> {
  const error: unknown = await decode(source as ImageSource, options).then(
    () => new Error('it was decoded'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ImageError)
  expect(error).toBeInstanceOf(ResnetError)
  const { message, name } = error as ImageError
  expect(name).toBe('ImageError')
  expect(message).toMatch(/^[^\n]*\.$/)
  return message
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resnet-ts-vision-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('decode refuses', () => {
  it('a missing file', async () => {
    const path = join(folder, 'missing.png')
    expect(await failure(path)).toBe(`${path}: expected an image file, found nothing at that path.`)
    expect(await failure('')).toBe("path '': expected an image file, found nothing at that path.")
    expect(await failure('file://elsewhere/a.png')).toContain('cannot be read')
  })

  it('a folder, and a pipe that nobody writes to', async () => {
    expect(await failure(folder)).toBe(`${folder}: expected a file, found a folder; name an image file.`)
    if (process.platform === 'win32') return
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await failure(pipe)).toContain('found a device, a pipe or a socket')
  })

  it('a file without a byte', async () => {
    const path = join(folder, 'empty.jpg')
    await writeFile(path, '')
    const message = 'expected a JPEG, PNG, WebP, GIF, AVIF or TIFF image, found no data at all (0 bytes).'
    expect(await failure(path)).toBe(`${path}: ${message}`)
    expect(await failure(new Uint8Array(0))).toBe(`image of 0 bytes: ${message}`)
    expect(await failure(new Blob([]))).toBe(`image of 0 bytes: ${message}`)
  })

  const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const
  it.each(formats)('a %s file that is cut off anywhere', async (format) => {
    const file = await holding(noise(40, 30))[format]().toBuffer()
    const lengths = [3, 10, 20, 40, 100, file.length >> 1]
    // To the last byte, where the format says where it ends.
    const told = format !== 'tiff' && format !== 'avif'
    for (let missing = 1; missing <= 14; missing++) if (told || missing > 8) lengths.push(file.length - missing)
    for (const length of lengths) {
      const message = await failure(file.subarray(0, length))
      if (length > 40 && told) {
        expect(message, `cut to ${length}`).toMatch(/a whole (JPEG|PNG|WebP|GIF) file, found one that is cut off after/)
      }
    }
  })

  it('a photograph without its last two bytes, and one with half of them', async () => {
    const rocket = await readFile(examplePath('rocket.jpg'))
    expect(await failure(rocket.subarray(0, -2))).toBe(
      'image of 112,523 bytes: expected a whole JPEG file, found one that is cut off after 112,523 bytes; copy or download it again.',
    )
    expect(await failure(rocket.subarray(0, 60_000))).toContain('cut off after 60,000 bytes')
    const chelsea = await readFile(examplePath('chelsea.png'))
    expect(await failure(chelsea.subarray(0, 120_000))).toContain('a whole PNG file, found one that is cut off')
  })

  it('a damaged file', async () => {
    const chelsea = await readFile(examplePath('chelsea.png'))
    chelsea.fill(0, 100_000, 101_000)
    expect(await failure(chelsea)).toBe('image of 240,512 bytes: expected an intact PNG file, found damaged data.')
  })

  it.each([
    [
      'text',
      'Hello, this is no image at all.',
      'found data of an unknown format, beginning with 48 65 6c 6c 6f 2c 20 74',
    ],
    [
      'a web page',
      '<!DOCTYPE html><title>Not found</title>',
      'found a page of markup (HTML or XML); check the address',
    ],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', 'found an SVG drawing'],
    ['a document', '%PDF-1.7 and so on', 'found a PDF document'],
    ['a bitmap', 'BM and so on', 'found a BMP image; save it as a PNG'],
    ["a phone's photograph", '\0\0\0\x18ftypheic\0\0\0\0', 'found an HEIC photograph or a video; save it as a JPEG'],
    ['a lone byte', 'x', 'beginning with 78'],
  ])('%s', async (_, text, expected) => {
    expect(await failure(new TextEncoder().encode(text))).toContain(expected)
  })

  it('more than 268,000,000 pixels, before they are decoded', async () => {
    const claim = (width: number, height: number): Uint8Array =>
      pngOf(['IHDR', ihdr(width, height)], ['IDAT', deflateSync(new Uint8Array(100))], ['IEND', new Uint8Array(0)])
    const large = claim(20_000, 20_000)
    expect(await failure(large)).toBe(
      `image of ${large.length} bytes: expected at most 268,000,000 pixels, found 20,000 × 20,000, which is 400,000,000; make the image smaller first.`,
    )
    expect(await failure(claim(16_384, 16_384))).toContain('at most 268,000,000 pixels')
    expect(await failure(claim(16_384, 16_357))).not.toContain('at most 268,000,000 pixels')
    expect(await failure({ width: 16_384, height: 16_384, data: new Uint8Array(3) })).toContain('at most 268,000,000')
  })

  it.each([
    [
      { width: 2, height: 2, data: new Uint8Array(11) },
      'raw pixels of 2 × 2: expected 12 bytes of RGB or 16 of RGBA, found 11 bytes.',
    ],
    [{ width: 2, height: 2, data: new Float32Array(12) }, 'found 12 values of 4 bytes'],
    [
      { width: 0, height: 2, data: new Uint8Array(0) },
      'expected a width and a height of at least 1 pixel, found 0 × 2.',
    ],
    [{ width: 1.5, height: 2, data: new Uint8Array(9) }, 'found 1.5 × 2'],
    [{ width: -1, height: -1, data: new Uint8Array(3) }, 'found -1 × -1'],
  ])('raw pixels that do not fit (%#)', async (source, expected) => {
    expect(await failure(source)).toContain(expected)
  })

  it.each([
    [null, 'found null'],
    [undefined, 'found undefined'],
    [42, 'found a number'],
    [{}, 'found an Object'],
    [new Float32Array(3), 'found a Float32Array'],
    [() => 1, 'found a function'],
  ])('a value of another kind (%#)', async (source, expected) => {
    expect(await failure(source)).toContain(expected)
  })

  it('a Blob that cannot be read', async () => {
    const blob = { size: 10, arrayBuffer: () => Promise.reject(new Error('the disk is gone')) }
    expect(await failure(blob)).toBe(
      'image of 10 bytes: expected a readable file, found one that cannot be read (the disk is gone).',
    )
    expect(await failure({ ...blob, size: 2 ** 31 })).toContain(
      'a file of at most 1,073,741,824 bytes, found 2,147,483,648',
    )
  })
})

describe('decode refuses an HTTP answer', () => {
  const url = 'https://example.test/cat.jpg'

  it('that is an error', async () => {
    const fetch = async (): Promise<Response> => new Response('no', { status: 404, statusText: 'Not Found' })
    expect(await failure(url, { fetch })).toBe(
      `${url}: expected an image, found HTTP 404 Not Found; check the address.`,
    )
  })

  it('that never comes', async () => {
    const fetch = async (): Promise<Response> => {
      throw new TypeError('fetch failed')
    }
    expect(await failure(url, { fetch })).toContain('found no answer (fetch failed); check the address')
    expect(await failure('http://127.0.0.1:1/cat.jpg')).toContain('found no answer (fetch failed)')
    expect(await failure('http://')).toContain('no answer')
  })

  it('that is empty, no image, or endless', async () => {
    const answer = (body: ConstructorParameters<typeof Response>[0], headers = {}) => ({
      fetch: async (): Promise<Response> => new Response(body, { headers }),
    })
    expect(await failure(url, answer(null))).toContain('found no data at all (0 bytes)')
    expect(await failure(url, answer('<html>'))).toContain('a page of markup')
    expect(await failure(url, answer('', { 'content-length': '2000000000' }))).toContain('found 2,000,000,000')
    const chunk = new Uint8Array(2 ** 27)
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
    expect(await failure(url, answer(endless))).toContain('a file of at most 1,073,741,824 bytes')
  })

  it('whose address is too long to be told', async () => {
    const message = await failure(`data:image/png;base64,${'A'.repeat(5000)}`)
    expect(message.length).toBeLessThan(400)
    expect(message).toContain('… (5,022 characters)')
  })
})
