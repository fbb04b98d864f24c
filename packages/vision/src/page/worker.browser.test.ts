import { launch, longestTaskOf, type Site, withoutChromium } from '@resnet-ts/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { holding, png } from '../testing/files.js'
import { imagenetAt } from '../testing/golden.js'
import { gradient, noise } from '../testing/images.js'
import { openPage, serveVision, type Vision } from '../testing/site.js'

type Source = Parameters<Vision['decode']>[0]
declare global {
  /** What the tests ask a page for. */
  var sources: Record<string, (name: string) => Promise<Source>>
  var fingerprint: (data: Uint8Array | Float32Array) => Promise<string>
}

const config = imagenetAt([224, 224], 0.875, 'bilinear')

/** Given to each page. */
function helpers(): void {
  const bytesOf = async (name: string) => new Uint8Array(await (await fetch(name)).arrayBuffer())
  const draw = (bitmap: ImageBitmap, canvas: HTMLCanvasElement | OffscreenCanvas): typeof canvas => {
    Object.assign(canvas, { width: bitmap.width, height: bitmap.height })
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    context.drawImage(bitmap, 0, 0)
    return canvas
  }
  const bitmapOf = async (name: string, options?: ImageBitmapOptions) =>
    createImageBitmap(new Blob([await bytesOf(name)]), options)
  globalThis.sources = {
    bytes: bytesOf,
    blob: async (name) => new Blob([await bytesOf(name)]),
    url: async (name) => new URL(name, location.href),
    element: async (name) => {
      const element = Object.assign(new Image(), { src: name })
      await element.decode()
      return element
    },
    bitmap: (name) => bitmapOf(name),
    bitmapAsStored: (name) => bitmapOf(name, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }),
    canvas: async (name) => draw(await bitmapOf(name), document.createElement('canvas')),
    offscreen: async (name) => draw(await bitmapOf(name), new OffscreenCanvas(1, 1)) as OffscreenCanvas,
    frame: async (name) => new VideoFrame(await bitmapOf(name), { timestamp: 0 }),
  }
  globalThis.fingerprint = async (data) => {
    const hash = await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>)
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}
const kinds = ['bytes', 'blob', 'url', 'element', 'bitmap', 'bitmapAsStored', 'canvas', 'offscreen', 'frame']

describe.skipIf(withoutChromium)(`in Chromium${withoutChromium ? ` (skipped: ${withoutChromium})` : ''}`, () => {
  let browser: Browser
  let site: Site
  const pages: Page[] = []
  const files: Record<string, Uint8Array> = {}

  beforeAll(async () => {
    const grain = noise(700, 500)
    const rgba = Buffer.alloc(700 * 500 * 4)
    for (let i = 0; i < 700 * 500; i++) rgba.set([...grain.data.subarray(i * 3, i * 3 + 3), i % 256], i * 4)
    Object.assign(files, {
      'photo.jpg': await holding(gradient(4000, 3000)).jpeg({ quality: 90 }).toBuffer(),
      'grain.jpg': await holding(grain).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer(),
      'grain.png': await png(grain),
      'grain.webp': await holding(grain).withMetadata({ orientation: 8 }).webp({ quality: 90 }).toBuffer(),
      'translucent.png': await sharp(rgba, { raw: { width: 700, height: 500, channels: 4 } })
        .png()
        .toBuffer(),
      'small.png': await png(noise(31, 17)),
    })
    files['cut.jpg'] = files['grain.jpg']!.subarray(0, 100_000)
    files['damaged.png'] = files['grain.png']!.map((byte, i) => (i === 400_000 ? byte ^ 255 : byte))
    site = await serveVision(files)
    browser = await launch()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  async function open(name = ''): Promise<Page> {
    const page = await openPage(browser, site, name)
    await page.evaluate(helpers)
    pages.push(page)
    return page
  }

  /** Fingerprints of what a file, in each form, is decoded to and prepared as. */
  async function outcomes(page: Page, name: string, forms: readonly string[] = kinds): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    for (const kind of forms) {
      found[kind] = await page.evaluate(
        async ([kind, name, config]) => {
          const source = await sources[kind]!(`/${name}`)
          const { width, height, data } = await vision.decode(source)
          const { pixels } = await vision.prepare(source, config)
          return `${width} × ${height}, ${await fingerprint(data)}, ${await fingerprint(pixels.data)}`
        },
        [kind, name, config] as const,
      )
    }
    return found
  }

  const decodeThere = (page: Page, name: string) =>
    page.evaluate(async (url) => {
      const { width, height, data } = await vision.decode(url)
      return `${width} × ${height}, ${await fingerprint(data)}`
    }, `/${name}`)

  // In every form one that is stored turned, and one whose pixels are translucent; the others as they come.
  it.each([
    ['grain.jpg', kinds],
    ['translucent.png', kinds],
    ['grain.png', ['bytes', 'bitmap']],
    ['grain.webp', ['bytes', 'element']],
  ] as const)('%s gives the same bytes in the worker as in place, in the forms %s', async (name, forms) => {
    const page = await open()
    const found = await outcomes(page, name, forms)
    expect(page.workers().length).toBe(1)
    // What keeps the worker from starting: the package's own name for another, which only the page's map explains.
    const inPlace = await open('mapped.html')
    expect(found).toEqual(await outcomes(inPlace, name, forms))
    expect(inPlace.workers().length).toBe(0)
  })

  it.each([
    ['usual-policy.html', true, 1],
    ['without-wasm.html', false, 0],
  ] as const)('%s gives the same bytes', async (name, allowed, workers) => {
    const page = await open(name)
    const compiled = await page.evaluate(() => {
      try {
        return new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) instanceof WebAssembly.Module
      } catch {
        return false
      }
    })
    expect(compiled).toBe(allowed)
    const forms = ['bytes', 'url', 'bitmap', 'canvas']
    const found = await outcomes(page, 'grain.jpg', forms)
    expect(page.workers().length).toBe(workers)
    expect(found).toEqual(await outcomes(await open(), 'grain.jpg', forms))
  })

  describe('the main thread', () => {
    const longest = async (page: Page, kind: string, into: 'decode' | 'prepare') => {
      await page.evaluate(async (kind) => {
        Object.assign(globalThis, { source: await sources[kind]!('/photo.jpg') })
      }, kind)
      return longestTaskOf(page, () =>
        page.evaluate(
          async ([into, config]) => {
            const { source } = globalThis as unknown as { readonly source: Source }
            if (into === 'prepare') await vision.prepare(source, config)
            else vision.preprocess(await vision.decode(source), config)
          },
          [into, config] as const,
        ),
      )
    }

    // A blob and a URL become bytes, an offscreen canvas is read as the other is.
    const held = process.env.RESNET_TS_LONG ? ['blob', 'url', 'offscreen'] : []
    it.each(['bytes', 'bitmap', 'canvas', 'frame', ...held])(
      'is not held up for 50 ms by a photograph of 12 megapixels, given as %s',
      async (kind) => {
        const page = await open()
        // The first starts the worker.
        expect(await longest(page, kind, 'prepare')).toBeLessThan(50)
        expect(await longest(page, kind, 'decode')).toBeLessThan(50)
        expect(page.workers().length).toBe(1)
      },
    )

    it('would be, without the worker', async () => {
      expect(await longest(await open('mapped.html'), 'bytes', 'prepare')).toBeGreaterThan(50)
    })
  })

  it('a small image starts no worker', async () => {
    const page = await open()
    await outcomes(page, 'small.png')
    expect(page.workers().length).toBe(0)
  })

  it('the worker ends when there is nothing to do, and another takes its place', async () => {
    const page = await open()
    const before = await decodeThere(page, 'grain.png')
    const [worker] = page.workers()
    await worker!.waitForEvent('close', { timeout: 30_000 })
    expect(page.workers().length).toBe(0)
    expect(await decodeThere(page, 'grain.png')).toBe(before)
    expect(page.workers().length).toBe(1)
  })

  it('what the caller gives stays his', async () => {
    const page = await open()
    const [bytes, bitmap] = await page.evaluate(async () => {
      const file = (await sources.bytes!('/grain.png')) as Uint8Array
      const around = new Uint8Array(file.length + 20)
      around.set(file, 7)
      await vision.decode(around.subarray(7, 7 + file.length))
      const bitmap = (await sources.bitmap!('/grain.png')) as ImageBitmap
      await vision.decode(bitmap)
      return [around.length - file.length, bitmap.width]
    })
    expect(page.workers().length).toBe(1)
    expect([bytes, bitmap]).toEqual([20, 700])
  })

  it.each([
    [
      'cut.jpg',
      '/cut.jpg: expected a whole JPEG file, found one that is cut off after 100,000 bytes; copy or download it again.',
    ],
    ['damaged.png', '/damaged.png: expected an intact PNG file, found damaged data.'],
  ])('%s is refused in the worker as in place', async (name, message) => {
    const failure = (page: Page) =>
      page.evaluate(async (url) => {
        const error: unknown = await vision.decode(url).catch((reason: unknown) => reason)
        return error instanceof vision.ImageError ? { ...error.details, message: error.message } : `no: ${error}`
      }, `/${name}`)
    const page = await open()
    const found = await failure(page)
    expect(page.workers().length).toBe(1)
    expect(found).toMatchObject({ message })
    expect(found).toEqual(await failure(await open('mapped.html')))
  })

  it('a large image of another origin is refused as a small one is', async () => {
    const page = await open()
    const message = await page.evaluate(
      async (other) => {
        const element = Object.assign(new Image(), { src: `${other}grain.png` })
        return vision
          .decode(element)
          .catch((error: unknown) => (error instanceof vision.ImageError ? error.message : ''))
      },
      site.url.replace('127.0.0.1', 'localhost'),
    )
    expect(message).toContain('found an image of another origin; serve it with CORS headers')
  })

  it('options that cannot be carried out are refused before anything is read', async () => {
    const page = await open()
    const message = await page.evaluate(
      (config) => vision.prepare('/photo.jpg', config).catch((error: Error) => `${error.name}: ${error.message}`),
      { ...config, cropFraction: 2 },
    )
    expect(message).toContain("OptionError: preprocessing field 'cropFraction'")
    expect(page.workers().length).toBe(0)
  })

  it('a signal ends the work, and the worker goes on', async () => {
    const page = await open()
    const before = await decodeThere(page, 'grain.png')
    const reason = await page.evaluate(async (config) => {
      const bytes = await sources.bytes!('/photo.jpg')
      const controller = new AbortController()
      const preparing = vision.prepare(bytes, config, { signal: controller.signal })
      setTimeout(() => controller.abort('enough'), 10)
      return preparing.catch((error: unknown) => error)
    }, config)
    expect(reason).toBe('enough')
    expect(await decodeThere(page, 'grain.png')).toBe(before)
    expect(page.workers().length).toBe(1)
  })

  it('a worker that fails is told of, and done without', async () => {
    const page = await open()
    const before = await decodeThere(page, 'grain.png')
    const [worker] = page.workers()
    await worker!.evaluate(() => {
      const work = globalThis.onmessage as unknown as (event: MessageEvent) => void
      globalThis.onmessage = (event) => {
        work(event)
        throw new Error('broken')
      }
    })
    const failing = page.evaluate(async () => {
      const error: unknown = await vision.decode('/photo.jpg').catch((reason: unknown) => reason)
      return error instanceof vision.ImageError ? error.message : `no ImageError but ${error}`
    })
    expect(await failing).toMatch(
      /^\/photo\.jpg: expected a worker that decodes it, found that it has ended \(.*broken\)\.$/,
    )
    expect(await decodeThere(page, 'grain.png')).toBe(before)
    expect(page.workers().length).toBe(0)
  })
})
