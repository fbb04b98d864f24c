import type { Interpolation } from '@resnet-ts/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coefficientsOf } from '../coefficients.js'
import type { RgbImage } from '../image.js'
import { noise } from '../testing/images.js'
import { wasmKernels } from '../testing/kernels.js'
import type { Kernels, Region, Resampling } from './kernels.js'
import { mostBytes } from './layout.js'
import { typescriptKernels } from './typescript.js'

interface Size {
  readonly width: number
  readonly height: number
}

function resampling(image: RgbImage, to: Size, interpolation: Interpolation, region?: Region): Resampling {
  const { x, y, width, height } = region ?? { x: 0, y: 0, ...to }
  return {
    image,
    region: { x, y, width, height },
    columns: to.width === image.width ? undefined : coefficientsOf(interpolation, image.width, to.width, x, width),
    rows: to.height === image.height ? undefined : coefficientsOf(interpolation, image.height, to.height, y, height),
  }
}

/** Values at both ends alone: bicubic weights overshoot, and are clipped. */
function stark(width: number, height: number): RgbImage {
  const image = noise(width, height)
  return { ...image, data: image.data.map((value) => (value < 128 ? 0 : 255)) }
}

/** Whether the fast kernels give the bytes of those that define them; where not, says where. */
function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>, name: string): void {
  expect(actual.length, name).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) throw new Error(`${name}: ${actual[i]} instead of ${expected[i]} at ${i}`)
  }
}

function expectSameResampling(kernels: Kernels, asked: Resampling): void {
  const { image, region } = asked
  const name = `${image.width} × ${image.height}, ${JSON.stringify(region)}`
  expectSame(kernels.resample(asked), typescriptKernels.resample(asked), name)
}

const interpolation = fc.constantFrom('bilinear' as const, 'bicubic' as const)

describe('resample', () => {
  // Memory is used again: what one image leaves there must not show in another.
  const kernels = wasmKernels()
  const side = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 300 }))
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const within = (start: number, length: number, size: number): [number, number] => {
    const first = Math.min(size - 1, Math.floor(start * size))
    return [first, 1 + Math.floor(length * (size - first - 1))]
  }

  it('gives the bytes of TypeScript', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(noise, stark),
        fc.tuple(side, side),
        fc.tuple(side, side),
        fc.tuple(share, share, share, share),
        interpolation,
        (make, [fromWidth, fromHeight], [width, height], [left, across, top, down], filter) => {
          const [x, regionWidth] = within(left, across, width)
          const [y, regionHeight] = within(top, down, height)
          const region = { x, y, width: regionWidth, height: regionHeight }
          expectSameResampling(kernels, resampling(make(fromWidth, fromHeight), { width, height }, filter, region))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('gives them where one size, or both, stay', () => {
    fc.assert(
      fc.property(side, side, side, fc.boolean(), interpolation, (width, height, other, wide, filter) => {
        const to = wide ? { width: other, height } : { width, height: other }
        expectSameResampling(kernels, resampling(noise(width, height), to, filter))
        expectSameResampling(kernels, resampling(noise(width, height), { width, height }, filter))
      }),
    )
  })

  it.each([
    ['many strips', [2000, 1500], [97, 1301]],
    ['rows that leave the window and come no more', [700, 2500], [640, 2490]],
    ['a larger result', [300, 200], [2100, 1400]],
    ['one wide row', [30_000, 1], [224, 224]],
    ['one high column', [1, 30_000], [224, 224]],
    ['rows too long for the memory', [1_000_000, 2], [1000, 5]],
    ['a result too wide for the memory', [3, 2], [600_000, 4]],
  ] as const)('gives them with %s', (_, [fromWidth, fromHeight], [width, height]) => {
    for (const filter of ['bilinear', 'bicubic'] as const) {
      expectSameResampling(kernels, resampling(noise(fromWidth, fromHeight), { width, height }, filter))
    }
  })

  it('takes pixels that are part of a larger buffer, as those of a Buffer are', () => {
    const { data, ...size } = noise(60, 40)
    const image = { ...size, data: Buffer.concat([Buffer.alloc(13, 99), data, Buffer.alloc(5, 99)]).subarray(13, -5) }
    expectSameResampling(kernels, resampling(image, { width: 31, height: 23 }, 'bilinear'))
  })
})

describe('the memory of the kernels', () => {
  it('stays small whatever comes', () => {
    const kernels = wasmKernels()
    const large = { width: 8660, height: 5773, data: new Uint8Array(8660 * 5773 * 3).fill(77) }
    const region = { x: 56, y: 16, width: 224, height: 224 }
    const pixels = kernels.resample(resampling(large, { width: 384, height: 256 }, 'bicubic', region))
    expect(pixels.every((value) => value === 77)).toBe(true)
    kernels.resample(resampling(noise(300, 200), { width: 3000, height: 2000 }, 'bicubic'))
    kernels.normalise(new Uint8Array(3_000_000), new Float32Array(768), false, new Float32Array(3_000_000), 0)
    expect(kernels.memoryBytes).toBeLessThanOrEqual(mostBytes + 65_536)
  })
})

describe('normalise', () => {
  it('gives the numbers of TypeScript', () => {
    const kernels = wasmKernels()
    const value = fc.oneof(fc.float(), fc.constant(Number.NaN))
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 16_380, max: 16_390 }), fc.constant(40_000)),
        fc.array(value, { minLength: 768, maxLength: 768 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 5 }),
        (count, values, blueFirst, offset) => {
          const { data } = noise(count, 1)
          const tables = Float32Array.from(values)
          const [actual, expected] = [kernels, typescriptKernels].map((either) => {
            const target = new Float32Array(count * 3 + 10).fill(99)
            either.normalise(data, tables, blueFirst, target, offset)
            return target
          })
          expectSame(actual!, expected!, `${count} pixels`)
        },
      ),
      { numRuns: 50 },
    )
  })
})
