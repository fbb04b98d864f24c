import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBfloat16, decodeFloat16, decodeFloat32, encodeFloat16, encodeFloat32 } from './floats.js'

const halves = Uint16Array.from({ length: 65536 }, (_, code) => code)

/** The value of a float16 by the definition of the format. */
function numberOf(code: number): number {
  const sign = code & 0x8000 ? -1 : 1
  const exponent = (code >>> 10) & 31
  const fraction = code & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

function bytesOf(values: Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

const half = (value: number) => new Uint16Array(encodeFloat16(Float32Array.of(value)).buffer)[0]

describe('float16', () => {
  test('all there are have the value that the format defines', () => {
    const values = decodeFloat16(bytesOf(halves))
    const wrong = [...halves].filter((code) => !Object.is(values[code], numberOf(code)))
    expect(wrong).toEqual([])
  })

  test('all there are, but for NaNs, come back as they were; NaNs stay NaNs of their sign', () => {
    const codes = new Uint16Array(encodeFloat16(decodeFloat16(bytesOf(halves))).buffer)
    const isNone = (code: number) => (code & 0x7fff) > 0x7c00
    const wrong = [...halves].filter((code) =>
      isNone(code) ? !isNone(codes[code]) || (codes[code] ^ code) & 0x8000 : codes[code] !== code,
    )
    expect(wrong).toEqual([])
  })

  test('what lies between two is rounded to the nearer, and halfway to the even one', () => {
    const isRounded = (code: number): boolean => {
      const middle = (numberOf(code) + numberOf(code + 1)) / 2
      const even = code % 2 === 0 ? code : code + 1
      return (
        half(middle) === even &&
        half(-middle) === (even | 0x8000) &&
        half(Math.fround(middle * (1 - 2 ** -20))) === code &&
        half(Math.fround(middle * (1 + 2 ** -20))) === code + 1
      )
    }
    expect([...halves.subarray(0, 0x7bff)].filter((code) => !isRounded(code))).toEqual([])
  })

  test('from 65520 on it is infinity', () => {
    expect([65504, 65519.996, 65520, 3e38, Number.POSITIVE_INFINITY].map(half)).toEqual([
      0x7bff, 0x7bff, 0x7c00, 0x7c00, 0x7c00,
    ])
  })

  test('below half of the smallest it is zero of the same sign', () => {
    expect([2 ** -25, 1.0001 * 2 ** -25, 2 ** -149, -(2 ** -140)].map(half)).toEqual([0, 1, 0, 0x8000])
  })
})

test('bfloat16 is the first half of a float32', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 2 }), ([low, high]) => {
      const [value] = decodeBfloat16(Uint8Array.of(low, high))
      const [expected] = new Float32Array(Uint8Array.of(0, 0, low, high).buffer)
      expect(value).toBe(expected)
    }),
  )
})

describe('float32', () => {
  const values = Float32Array.of(1, -2.5, 1e-45, Number.POSITIVE_INFINITY)

  test('an aligned view is not copied', () => {
    const bytes = encodeFloat32(values)
    expect(bytes.buffer).toBe(values.buffer)
    expect(decodeFloat32(bytes).buffer).toBe(values.buffer)
  })

  test('another is', () => {
    const shifted = new Uint8Array(values.byteLength + 1)
    shifted.set(bytesOf(values), 1)
    expect(decodeFloat32(shifted.subarray(1))).toEqual(values)
  })
})
