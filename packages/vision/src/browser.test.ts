import { launch, type Site, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode } from './decode.js'
import type { RgbImage } from './image.js'
import { holding, ihdr, png, pngOf } from './testing/files.js'
import { imagenetAt, photographs, synthetic } from './testing/golden.js'
import { difference, gradient, noise } from './testing/images.js'
import { openPage, serveVision, type Vision } from './testing/site.js'

interface Plain {
  readonly width: number
  readonly height: number
  readonly data: readonly number[]
}

const image = noise(31, 17)
const plain = ({ width, height, data }: RgbImage): Plain => ({ width, height, data: [...data] })
const image8 = ({ width, height, data }: Plain): RgbImage => ({ width, height, data: Uint8Array.from(data) })

// A page is left without a browser where there is none: the title says why.
describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let site: Site
  let page: Page
  const files: Record<string, Uint8Array> = {}

  beforeAll(async () => {
    const rgba = Buffer.alloc(31 * 17 * 4)
    for (let i = 0; i < 31 * 17; i++) rgba.set([...image.data.subarray(i * 3, i * 3 + 3), i % 256], i * 4)
    const transparent = sharp(rgba, { raw: { width: 31, height: 17, channels: 4 } })
    const gamma = pngOf(['gAMA', Uint8Array.of(0, 1, 0x86, 0xa0)]).subarray(8)
    const opaque = await png(image)
    const smooth = gradient(64, 48)
    Object.assign(files, {
      'noise.png': opaque,
      'gamma.png': Buffer.concat([opaque.subarray(0, 33), gamma, opaque.subarray(33)]),
      'profile.webp': await holding(image).withIccProfile('p3').webp({ lossless: true }).toBuffer(),
      'transparent.png': await transparent.clone().png().toBuffer(),
      'wide.png': await png(noise(30_000, 1)),
      'wide.webp': await holding(gradient(4500, 700)).webp({ lossless: true, effort: 0 }).toBuffer(),
      'noise.webp': await holding(image).webp({ lossless: true }).toBuffer(),
      'flat.gif': await sharp(Buffer.alloc(31 * 34 * 3, 200).fill(100, 0, 31 * 17 * 3), {
        raw: { width: 31, height: 34, channels: 3, pageHeight: 17 },
      })
        .gif()
        .toBuffer(),
      'smooth.jpg': await holding(smooth).jpeg({ quality: 95 }).toBuffer(),
      'grey.jpg': await holding(smooth).greyscale().jpeg({ quality: 95 }).toBuffer(),
      'cmyk.jpg': await holding(smooth).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      'large.png': pngOf(['IHDR', ihdr(20_000, 20_000)], ['IDAT', new Uint8Array(9)], ['IEND', new Uint8Array(0)]),
      'empty.jpg': new Uint8Array(0),
      'text.jpg': new TextEncoder().encode('<!doctype html><p>Not found'),
    })
    for (let orientation = 1; orientation <= 8; orientation++) {
      const turned = holding(noise(5, 3)).withMetadata({ orientation })
      files[`turned-${orientation}.png`] = await turned.clone().png().toBuffer()
      files[`turned-${orientation}.webp`] = await turned.clone().webp({ lossless: true }).toBuffer()
      files[`turned-${orientation}.jpg`] = await holding(smooth).withMetadata({ orientation }).jpeg().toBuffer()
    }
    for (const name of ['noise.png', 'smooth.jpg', 'flat.gif', 'noise.webp']) {
      files[`cut-${name}`] = files[name]!.subarray(0, files[name]!.length >> 1)
    }
    site = await serveVision(files)
    browser = await launch()
    page = await openPage(browser, site)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  /** What decoding a served file gives in the page, or the message of the error. */
  async function decodeThere(name: string): Promise<RgbImage> {
    const decoded = await page.evaluate(async (url) => {
      const { width, height, data } = await vision.decode(url)
      return { width, height, data: [...data] }
    }, `/${name}`)
    return image8(decoded)
  }

  async function failureThere(name: string): Promise<string> {
    return page.evaluate(async (url) => {
      const error: unknown = await vision.decode(url).catch((reason: unknown) => reason)
      return error instanceof vision.ImageError ? error.message : `no ImageError but ${error}`
    }, `/${name}`)
  }

  it('exports what the entry for Node exports', async () => {
    const names = await page.evaluate(() => Object.keys(vision).sort())
    expect(names).toEqual(Object.keys(await import('./index.js')).sort())
  })

  const title = '$image at $resizeShorterSideTo, cropped to $crop, $interpolation'
  const configOf = (item: (typeof photographs)[number]) =>
    imagenetAt([item.crop, item.crop], item.crop / item.resizeShorterSideTo, item.interpolation)

  it.each(photographs.filter(({ expected }) => expected === null))(`${title}: the bytes of Pillow`, async (item) => {
    const there = await page.evaluate(
      async ([url, config]) => {
        const hex = async (data: Uint8Array | Float32Array): Promise<string> => {
          const hash = await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>)
          return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
        }
        const decoded = await vision.decode(url)
        const { data, shape } = vision.preprocess(decoded, config)
        return {
          sha256OfRGB: await hex(vision.cropTo(decoded, config).data),
          sha256OfNormalized: await hex(data),
          shape,
        }
      },
      [`/examples/${item.image}`, configOf(item)] as const,
    )
    const { sha256OfRGB, sha256OfNormalized } = item
    expect(there).toEqual({ sha256OfRGB, sha256OfNormalized, shape: [1, item.crop, item.crop, 3] })
  })

  it.each(photographs.filter(({ expected }) => expected !== null))(`${title}: within 1 of Pillow`, async (item) => {
    const errors = await page.evaluate(
      async ([url, golden, config]) => {
        const { data } = vision.cropTo(await vision.decode(url), config)
        const expected = (await vision.decode(golden)).data
        const counts: Record<number, number> = {}
        data.forEach((value, i) => {
          const error = Math.abs(value - expected[i]!)
          counts[error] = (counts[error] ?? 0) + 1
        })
        return counts
      },
      [`/examples/${item.image}`, `/golden/${item.expected}`, configOf(item)] as const,
    )
    const values = item.crop ** 2 * 3
    const within = (errors[0] ?? 0) + (errors[1] ?? 0)
    expect(within / values, `values by error: ${JSON.stringify(errors)}`).toBeGreaterThanOrEqual(0.999)
  })

  it.each(['noise.png', 'gamma.png', 'transparent.png', 'noise.webp'])('%s is decoded exactly', async (name) => {
    expect(await decodeThere(name)).toEqual(image)
  })

  it('a colour profile changes nothing', async () => {
    expect(await decodeThere('profile.webp')).toEqual(await decode(files['profile.webp']!))
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i is applied, as by Pillow', async (orientation) => {
    const { size, hex } = synthetic.orientation[orientation - 1]!
    const upright = { width: size[0], height: size[1], data: Uint8Array.from(Buffer.from(hex, 'hex')) }
    expect(await decodeThere(`turned-${orientation}.png`)).toEqual(upright)
    expect(await decodeThere(`turned-${orientation}.webp`)).toEqual(upright)
    const jpeg = await decode(files[`turned-${orientation}.jpg`]!)
    expect(difference(await decodeThere(`turned-${orientation}.jpg`), jpeg).worst).toBeLessThanOrEqual(1)
  })

  it.each([
    ['smooth.jpg', 1],
    ['grey.jpg', 1],
    ['cmyk.jpg', 2],
  ])('%s is decoded as in Node, within %i', async (name, tolerance) => {
    const { worst, where } = difference(await decodeThere(name), await decode(files[name]!))
    expect(worst, where).toBeLessThanOrEqual(tolerance)
  })

  it('of an animation the first frame is taken', async () => {
    const { width, height, data } = await decodeThere('flat.gif')
    expect([width, height, new Set(data)]).toEqual([31, 17, new Set([100])])
  })

  it('an image wider and higher than the canvas that it is read through is whole', async () => {
    expect(difference(await decodeThere('wide.png'), noise(30_000, 1)).worst).toBe(0)
    const same = await page.evaluate(async () => {
      const { width, height, data } = await vision.decode('/wide.webp')
      let wrong = 0
      for (let y = 0, at = 0; y < height; y++) {
        for (let x = 0; x < width; x++, at += 3) {
          if (data[at] !== Math.round((255 * x) / (width - 1))) wrong++
          if (data[at + 1] !== Math.round((255 * y) / (height - 1))) wrong++
        }
      }
      return { width, height, wrong }
    })
    expect(same).toEqual({ width: 4500, height: 700, wrong: 0 })
  })

  it('every kind of source gives the same image', async () => {
    const images = await page.evaluate(async () => {
      const bytes = new Uint8Array(await (await fetch('/noise.png')).arrayBuffer())
      const blob = new Blob([bytes])
      const bitmap = await createImageBitmap(blob)
      const draw = (canvas: HTMLCanvasElement | OffscreenCanvas): typeof canvas => {
        canvas.width = bitmap.width
        canvas.height = bitmap.height
        const context = canvas.getContext('2d') as CanvasRenderingContext2D
        context.drawImage(bitmap, 0, 0)
        return canvas
      }
      const canvas = draw(document.createElement('canvas')) as HTMLCanvasElement
      const element = new Image()
      element.src = '/noise.png'
      const gamma = new Image()
      gamma.src = '/gamma.png'
      const sources: Record<string, Parameters<Vision['decode']>[0]> = {
        url: new URL('/noise.png', location.href),
        text: '/noise.png',
        blobUrl: URL.createObjectURL(blob),
        bytes,
        buffer: bytes.buffer,
        blob,
        file: new File([bytes], 'noise.png'),
        bitmap,
        element,
        gamma,
        canvas,
        offscreen: draw(new OffscreenCanvas(1, 1)) as OffscreenCanvas,
        frame: new VideoFrame(bitmap, { timestamp: 0 }),
        imageData: canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height),
        raw: await vision.decode(bytes),
      }
      const decoded: Record<string, Plain> = {}
      for (const [kind, source] of Object.entries(sources)) {
        const { width, height, data } = await vision.decode(source)
        decoded[kind] = { width, height, data: [...data] }
      }
      return decoded
    })
    expect(Object.keys(images).length).toBe(15)
    for (const [kind, found] of Object.entries(images)) expect(found, kind).toEqual(plain(image))
  })

  it('a video gives the frame that it shows', async () => {
    const decoded = await page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 16 })
      const context = canvas.getContext('2d')!
      const video = document.createElement('video')
      video.muted = true
      video.srcObject = canvas.captureStream()
      const paint = setInterval(() => {
        context.fillStyle = 'rgb(200, 100, 50)'
        context.fillRect(0, 0, 32, 16)
      }, 20)
      await video.play()
      while (video.readyState < 2 || video.videoWidth === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      const { width, height, data } = await vision.decode(video)
      clearInterval(paint)
      return { width, height, data: [...data] }
    })
    expect([decoded.width, decoded.height]).toEqual([32, 16])
    const wanted = { width: 32, height: 16, data: Uint8Array.from({ length: 1536 }, (_, i) => [200, 100, 50][i % 3]!) }
    expect(difference(image8(decoded), wanted).worst).toBeLessThanOrEqual(8)
  })

  it('a worker decodes too, without a document', async () => {
    const decoded = await page.evaluate(async () => {
      const worker = new Worker('/worker.js', { type: 'module' })
      const answers = []
      for (const name of ['noise.png', 'noise.webp', 'cut-smooth.jpg']) {
        worker.postMessage(new URL(name, location.href).href)
        const { image, message } = await new Promise<{ image?: RgbImage; message?: string }>((resolve) => {
          worker.onmessage = ({ data }) => resolve(data)
        })
        answers.push(image ? { width: image.width, height: image.height, data: [...image.data] } : message)
      }
      worker.terminate()
      return answers
    })
    expect(decoded.slice(0, 2)).toEqual([plain(image), plain(image)])
    expect(decoded[2]).toContain('a whole JPEG file, found one that is cut off')
  })

  it.each([
    ['cut-noise.png', 'a whole PNG file, found one that is cut off after'],
    ['cut-smooth.jpg', 'a whole JPEG file, found one that is cut off after'],
    ['cut-flat.gif', 'a whole GIF file, found one that is cut off after'],
    ['cut-noise.webp', 'a whole WebP file, found one that is cut off after'],
    ['empty.jpg', 'found no data at all (0 bytes)'],
    ['text.jpg', 'found a page of markup (HTML or XML)'],
    ['missing.jpg', '/missing.jpg: expected an image, found HTTP 404 Not Found; check the address.'],
    ['large.png', 'at most 268,000,000 pixels, found 20,000 × 20,000'],
  ])('%s is refused', async (name, message) => {
    expect(await failureThere(name)).toContain(message)
  })

  it('an element that has nothing to give is refused', async () => {
    const messages = await page.evaluate(
      async (other) => {
        const failed = Object.assign(new Image(), { src: '/missing.jpg' })
        const foreign = Object.assign(new Image(), { src: `${other}noise.png` })
        const closed = await createImageBitmap(new ImageData(1, 1))
        closed.close()
        const empty = Object.assign(document.createElement('canvas'), { width: 0 })
        const sources = [failed, foreign, closed, empty, document.createElement('video'), document.createElement('p')]
        return Promise.all(
          sources.map((source) =>
            vision.decode(source as HTMLImageElement).then(
              () => 'it was decoded',
              (error: unknown) => (error instanceof vision.ImageError ? error.message : `no ImageError but ${error}`),
            ),
          ),
        )
      },
      site.url.replace('127.0.0.1', 'localhost'),
    )
    expect(messages[0]).toContain('/missing.jpg">: expected an image that loads')
    expect(messages[1]).toContain('found an image of another origin; serve it with CORS headers')
    expect(messages[2]).toBe('image bitmap: expected one with pixels, found a closed one.')
    expect(messages[3]).toBe('canvas: expected one with pixels, found one of no size.')
    expect(messages[4]).toContain("found none yet; wait for its 'loadeddata' event.")
    expect(messages[5]).toContain('found an HTMLParagraphElement')
  })

  it('a signal ends the work', async () => {
    const reason = await page.evaluate(async () => {
      const controller = new AbortController()
      const decoding = vision.decode('/examples/coffee.png', { signal: controller.signal })
      controller.abort('enough')
      return decoding.catch((error: unknown) => error)
    })
    expect(reason).toBe('enough')
  })
})
