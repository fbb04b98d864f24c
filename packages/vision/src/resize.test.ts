import { OptionError } from '@resnet-ts/graph'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { coefficientsOf, precisionBits } from './coefficients.js'
import { ImageError } from './errors.js'
import type { RgbImage } from './image.js'
import type { Region } from './kernels/kernels.js'
import { resize } from './resize.js'
import { synthetic } from './testing/golden.js'
import { noise, sha256 } from './testing/images.js'
import { withBothKernels } from './testing/kernels.js'

vi.mock('./kernels/usual.js', () => import('./testing/kernels.js'))

function crop(image: RgbImage, { x, y, width, height }: Region): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3
    data.set(image.data.subarray(from, from + width * 3), row * width * 3)
  }
  return { width, height, data }
}

withBothKernels('resize', () => {
  it.each(synthetic.resize)(
    'equals Pillow: $from to $to, $interpolation',
    ({ from, to, interpolation, ...expected }) => {
      const result = resize(noise(...from), { width: to[0], height: to[1], interpolation })
      expect([result.width, result.height]).toEqual(to)
      expect(sha256(result.data)).toBe(expected.sha256)
    },
  )

  it('gives, for a region, the bytes of a crop after the whole resize', () => {
    const side = fc.integer({ min: 1, max: 40 })
    const span = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    const within = ([a, b]: [number, number], size: number): [number, number] => {
      const start = Math.min(size - 1, Math.floor(a * size))
      return [start, 1 + Math.floor(b * (size - start - 1))]
    }
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        span,
        span,
        fc.constantFrom('bilinear' as const, 'bicubic' as const),
        (fromWidth, fromHeight, width, height, across, down, interpolation) => {
          const image = noise(fromWidth, fromHeight)
          const [x, regionWidth] = within(across, width)
          const [y, regionHeight] = within(down, height)
          const region = { x, y, width: regionWidth, height: regionHeight }
          const direct = resize(image, { width, height, interpolation, region })
          expect(direct).toEqual(crop(resize(image, { width, height, interpolation }), region))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps a single colour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 255 }),
        fc.constantFrom('bilinear' as const, 'bicubic' as const),
        (from, to, value, interpolation) => {
          const image = { width: from, height: 3, data: new Uint8Array(from * 9).fill(value) }
          const { data } = resize(image, { width: to, height: 5, interpolation })
          expect(data.every((found) => found === value)).toBe(true)
        },
      ),
    )
  })

  it('copies, and does not share, an image whose size stays', () => {
    const image = noise(4, 3)
    for (const data of [image.data, Buffer.from(image.data)]) {
      const original = { width: 4, height: 3, data }
      const same = resize(original, { width: 4, height: 3, interpolation: 'bicubic' })
      expect(same).toEqual(image)
      same.data.fill(0)
      expect(Uint8Array.from(data)).toEqual(image.data)
    }
  })

  it('computes the middle of a resize that would not fit in memory', () => {
    const region = { x: 3_839_888, y: 16, width: 224, height: 224 }
    const result = resize(noise(30_000, 1), { width: 7_680_000, height: 256, interpolation: 'bilinear', region })
    expect(result.data.length).toBe(224 * 224 * 3)
    const [row, next] = [result.data.subarray(0, 224 * 3), result.data.subarray(224 * 3, 448 * 3)]
    expect(row).toEqual(next)
    expect(new Set(row).size).toBeGreaterThan(1)
  })

  const image = noise(4, 4)
  it.each([
    [
      { width: 0, height: 4, interpolation: 'bilinear' },
      "resize option 'width': expected a whole number of at least 1 pixel, found 0.",
    ],
    [{ width: 4, height: 1.5, interpolation: 'bilinear' }, "resize option 'height'"],
    [{ width: 4, height: Number.NaN, interpolation: 'bilinear' }, "resize option 'height'"],
    [
      { width: 4, height: 4, interpolation: 'lanczos' as 'bilinear' },
      "expected 'bilinear' or 'bicubic', found \"lanczos\"",
    ],
    [{ width: 4, height: 4, interpolation: 'bilinear', region: { x: 2, y: 0, width: 3, height: 1 } }, 'inside 4 × 4'],
    [{ width: 4, height: 4, interpolation: 'bilinear', region: { x: 0, y: 0, width: 0, height: 1 } }, 'at least one'],
    [{ width: 20_000, height: 20_000, interpolation: 'bilinear' }, 'at most 268,000,000 pixels'],
  ] as const)('refuses %j', (options, message) => {
    expect(() => resize(image, options)).toThrow(OptionError)
    expect(() => resize(image, options)).toThrow(message)
  })

  it.each([
    [{ width: 0, height: 1, data: new Uint8Array(0) }, 'at least 1 pixel'],
    [{ width: 2, height: 2, data: new Uint8Array(16) }, 'a Uint8Array of 12 bytes, three a pixel, found 16'],
    [{ width: 1, height: 1, data: new Float32Array(3) as unknown as Uint8Array }, 'data of another kind'],
    [{ width: 1, height: 1, data: undefined as unknown as Uint8Array }, 'data of another kind (undefined)'],
  ])('refuses an image that contradicts itself (%#)', (broken, message) => {
    const options = { width: 2, height: 2, interpolation: 'bilinear' } as const
    expect(() => resize(broken, options)).toThrow(ImageError)
    expect(() => resize(broken, options)).toThrow(message)
  })
})

describe('coefficientsOf', () => {
  it('gives weights that add up to one, but for rounding, of neighbours inside the image', () => {
    const size = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(size, size, fc.constantFrom('bilinear' as const, 'bicubic' as const), (input, output, filter) => {
        const { starts, lengths, weights, stride } = coefficientsOf(filter, input, output, 0, output)
        for (let i = 0; i < output; i++) {
          const sum = weights
            .subarray(i * stride, i * stride + lengths[i]!)
            .reduce((total, weight) => total + weight, 0)
          const inside = starts[i]! >= 0 && lengths[i]! >= 1 && starts[i]! + lengths[i]! <= input
          const whole = Math.abs(sum - 2 ** precisionBits) <= lengths[i]! / 2 + 1
          if (!inside || !whole) throw new Error(`position ${i}: ${lengths[i]} from ${starts[i]} on, sum ${sum}`)
        }
      }),
      { numRuns: 50 },
    )
  })
})
