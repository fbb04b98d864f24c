import { imagenetPreprocess, OptionError, sizeOf } from '@resnet-ts/graph'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decode } from './decode.js'
import { ImageError } from './errors.js'
import { floorOfQuotient, geometryOf } from './geometry.js'
import { cropTo, preprocess, preprocessBatch, preprocessInto } from './preprocess.js'
import { examplePath, goldenPath, imagenetAt, photographs, synthetic } from './testing/golden.js'
import { difference, noise, sha256 } from './testing/images.js'
import { withBothKernels } from './testing/kernels.js'

vi.mock('./kernels/usual.js', () => import('./testing/kernels.js'))

withBothKernels('photographs', () => {
  const name = '$image, resized to $resizeShorterSideTo, cropped to $crop, $interpolation'
  const configOf = (item: (typeof photographs)[number]) =>
    imagenetAt([item.crop, item.crop], item.crop / item.resizeShorterSideTo, item.interpolation)

  it.each(photographs.filter(({ expected }) => expected === null))(`${name}: the bytes of Pillow`, async (item) => {
    const image = await decode(examplePath(item.image))
    expect([image.width, image.height]).toEqual(item.decoded)
    const geometry = geometryOf(image.width, image.height, configOf(item))
    expect([geometry.width, geometry.height]).toEqual(item.resized)
    expect(sha256(cropTo(image, configOf(item)).data)).toBe(item.sha256OfRGB)

    const { data, shape } = preprocess(image, configOf(item))
    expect(shape).toEqual([1, item.crop, item.crop, 3])
    expect([...data.subarray(0, 3)]).toEqual(item.normalizedFirst)
    expect(sha256(data)).toBe(item.sha256OfNormalized)
    for (let channel = 0; channel < 3; channel++) {
      const mean = data.reduce((sum, value, index) => sum + (index % 3 === channel ? value : 0), 0) / item.crop ** 2
      expect(mean).toBeCloseTo(item.normalizedMean[channel]!, 6)
    }
  })

  it.each(photographs.filter(({ expected }) => expected !== null))(`${name}: within 1 of Pillow`, async (item) => {
    const expected = await decode(goldenPath(item.expected!))
    expect(sha256(expected.data)).toBe(item.sha256OfRGB)
    const actual = cropTo(await decode(examplePath(item.image)), configOf(item))
    const { worst, where, beyond } = difference(actual, expected, 1)
    expect(beyond, `worst error ${worst} at ${where}`).toBeLessThanOrEqual(0.001)
  })

  it('are the PNGs and the JPEG at five sizes each', () => {
    expect(photographs.filter(({ expected }) => expected === null).length).toBe(10)
    expect(photographs.filter(({ expected }) => expected !== null).length).toBe(5)
  })
})

withBothKernels('cropTo and preprocess', () => {
  it('give blue first where a network takes it so, each colour with its own statistics', () => {
    const image = noise(40, 30)
    const config = { ...imagenetPreprocess, size: [8, 9] as const }
    const rgb = preprocess(image, config).data
    const bgr = preprocess(image, { ...config, channelOrder: 'bgr' }).data
    expect(bgr).toEqual(rgb.map((_, index) => rgb[index - (index % 3) + 2 - (index % 3)]!))
    expect(bgr).not.toEqual(rgb)
    expect(preprocess(image, { ...config, channelOrder: 'rgb' }).data).toEqual(rgb)
  })

  it.each(synthetic.crop)('equal torchvision: $from to $target, cropped to $crop, $interpolation', (item) => {
    const config = imagenetAt(item.crop, item.crop[0] / item.target[0], item.interpolation)
    expect(sha256(cropTo(noise(...item.from), config).data)).toBe(item.sha256)
    expect(sha256(preprocess(noise(...item.from), config).data)).toBe(item.sha256OfNormalized)
  })

  it.each([
    [1, 1],
    [30_000, 1],
    [1, 30_000],
  ])('take an image of %i × %i', (width, height) => {
    const { shape, data } = preprocess(noise(width, height), imagenetPreprocess)
    expect(shape).toEqual([1, 224, 224, 3])
    expect(data.every(Number.isFinite)).toBe(true)
  })

  it('do not resample an image whose shorter side has the size already', () => {
    const image = noise(256, 300)
    const { data } = cropTo(image, imagenetPreprocess)
    const from = (38 * 256 + 16) * 3
    expect(data.subarray(0, 224 * 3)).toEqual(image.data.subarray(from, from + 224 * 3))
  })

  it('refuse what cannot be', () => {
    const config = { ...imagenetPreprocess, cropFraction: 2 }
    expect(() => cropTo(noise(2, 2), config)).toThrow(OptionError)
    expect(() => preprocess(noise(2, 2), config)).toThrow("preprocessing field 'cropFraction'")
    expect(() => preprocess({ width: 2, height: 2, data: new Uint8Array(3) }, imagenetPreprocess)).toThrow(ImageError)
  })
})

withBothKernels('preprocessBatch and preprocessInto', () => {
  const config = imagenetAt([5, 4], 0.9, 'bicubic')
  const images = [noise(20, 10), noise(10, 20), noise(7, 7)]

  it('put each image where it belongs', () => {
    const { shape, data } = preprocessBatch(images, config)
    expect(shape).toEqual([3, 5, 4, 3])
    expect(data.length).toBe(sizeOf(shape))
    images.forEach((image, index) => {
      expect(data.subarray(index * 60, index * 60 + 60)).toEqual(preprocess(image, config).data)
    })
  })

  it('write nothing outside', () => {
    const target = new Float32Array(100).fill(99)
    preprocessInto(images[0]!, config, target, 17)
    expect(target.subarray(17, 77)).toEqual(preprocess(images[0]!, config).data)
    expect([...target.subarray(0, 17), ...target.subarray(77)].every((value) => value === 99)).toBe(true)
  })

  it.each([-1, 41, 0.5, Number.NaN])('refuse an offset of %d', (offset) => {
    const target = new Float32Array(100)
    expect(() => preprocessInto(images[0]!, config, target, offset)).toThrow(OptionError)
  })

  it('refuse an empty batch', () => {
    expect(() => preprocessBatch([], config)).toThrow('batch: expected at least one image, found none.')
  })
})

describe('geometryOf', () => {
  it.each([
    [224, 224 / 232, 232],
    [224, 0.95, 235],
    [224, 0.875, 256],
    [224, 0.965, 232],
    [224, 1, 224],
    [288, 0.9, 320],
    // In floating point these come to less than the whole number they stand for.
    [192, 192 / 225, 225],
    [384, 384 / 450, 450],
    [32, 1, 32],
  ])('resizes for a crop of %d and a fraction of %d to %d', (size, fraction, expected) => {
    expect(floorOfQuotient(size, fraction)).toBe(expected)
  })

  it('gives back the size that a fraction was made of', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16384 }), fc.double({ min: 0, max: 1, noNaN: true }), (resized, share) => {
        const size = Math.max(1, Math.round(resized * share))
        expect(floorOfQuotient(size, size / resized)).toBe(resized)
      }),
    )
  })

  it('never resizes to less than the crop', () => {
    const side = fc.integer({ min: 1, max: 5000 })
    const crop = fc.integer({ min: 1, max: 1000 })
    fc.assert(
      fc.property(
        side,
        side,
        crop,
        crop,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (width, height, h, w, fraction) => {
          const resized = geometryOf(width, height, imagenetAt([h, w], fraction, 'bilinear'))
          const { region } = resized
          expect(region.x).toBeGreaterThanOrEqual(0)
          expect(region.y).toBeGreaterThanOrEqual(0)
          expect(region.x + w).toBeLessThanOrEqual(resized.width)
          expect(region.y + h).toBeLessThanOrEqual(resized.height)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it("rounds the crop's corner as Python does", () => {
    // (347 − 224) / 2 = 61.5 and (349 − 224) / 2 = 62.5 both go to the even 62.
    expect(geometryOf(347, 256, imagenetPreprocess).region.x).toBe(62)
    expect(geometryOf(349, 256, imagenetPreprocess).region.x).toBe(62)
  })
})
