import { imagenetPreprocess, OptionError } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { decode, encodePng, overlay } from './index.js'

const grey = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height * 3).fill(100) })
const whole = { ...imagenetPreprocess, size: [64, 64], cropFraction: 1 } as const
const changed = ({ data }: { data: Uint8Array }, pixel: number) => data[pixel * 3] !== 100

describe('overlay', () => {
  test('marks where the map is greatest, in its colour, and leaves the rest', () => {
    const image = grey(64, 64)
    const marked = overlay(image, { width: 2, height: 2, values: new Float32Array([0, 0, 0, 3]) }, whole, {
      opacity: 1,
    })
    expect([...marked.data.slice(-3)]).toEqual([253, 231, 37])
    expect(changed(marked, 0)).toBe(false)
    expect(image.data.every((value) => value === 100)).toBe(true)
  })

  test('marks the crop alone', () => {
    const map = { width: 1, height: 1, values: new Float32Array([1]) }
    const marked = overlay(grey(200, 100), map, whole)
    for (let column = 0; column < 200; column++) {
      expect(changed(marked, 50 * 200 + column), `column ${column}`).toBe(column >= 50 && column < 150)
    }
  })

  test('a map without anything above zero changes nothing', () => {
    const marked = overlay(grey(9, 7), { width: 2, height: 1, values: new Float32Array([-1, 0]) }, whole)
    expect(marked).toEqual(grey(9, 7))
  })

  test.each([
    [{ width: 2, height: 2, values: new Float32Array(3) }, {}],
    [{ width: 0, height: 1, values: new Float32Array(0) }, {}],
    [{ width: 1, height: 1, values: new Float32Array([Number.NaN]) }, {}],
    [{ width: 1, height: 1, values: new Float32Array(1) }, { opacity: 2 }],
  ])('refuses the map %o with %o', (map, options) => {
    expect(() => overlay(grey(8, 8), map, whole, options)).toThrow(OptionError)
  })
})

describe('encodePng', () => {
  test('writes what decode reads', async () => {
    const image = { width: 5, height: 3, data: Uint8Array.from({ length: 45 }, (_, index) => index * 5) }
    expect(await decode(await encodePng(image))).toEqual(image)
  })
})
