import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bytesOfFloat32,
  decodeBfloat16,
  decodeFloat16,
  decodeFloat32,
  encodeBfloat16,
  encodeFloat16,
  encodeFloat32,
} from './floats.js'

const allCodes = Uint16Array.from({ length: 65536 }, (_, code) => code)
const bytesOf = (array: Uint16Array | Float32Array) => new Uint8Array(array.buffer.slice(0))
const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length)

function encode16(encode: typeof encodeFloat16, values: Float32Array): Uint16Array {
  const target = new Uint8Array(2 * values.length)
  encode(values, target)
  return new Uint16Array(target.buffer)
}

/** What a code of so many exponent and fraction bits means, from the definition in IEEE 754. */
function meaning(code: number, exponentBits: number, fractionBits: number): number {
  const sign = code & 0x8000 ? -1 : 1
  const exponent = (code & 0x7fff) >>> fractionBits
  const fraction = (code & ((1 << fractionBits) - 1)) / 2 ** fractionBits
  const bias = 2 ** (exponentBits - 1) - 1
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias)
}

/** The code nearest to a value by trying all: of two as near, the even one. `magnitudes` are those of finite codes. */
function nearest(magnitudes: readonly number[], value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  let best = 0
  // Beyond the largest there is one more step, which stands for infinity.
  const steps = [...magnitudes, 2 * magnitudes.at(-1)! - magnitudes.at(-2)!]
  for (let code = 1; code < steps.length; code++) {
    const closer = Math.abs(steps[code]! - size) - Math.abs(steps[best]! - size)
    if (closer < 0 || (closer === 0 && code % 2 === 0)) best = code
  }
  return sign | best
}

const kinds = [
  { name: 'F16', decode: decodeFloat16, encode: encodeFloat16, exponentBits: 5, fractionBits: 10 },
  { name: 'BF16', decode: decodeBfloat16, encode: encodeBfloat16, exponentBits: 8, fractionBits: 7 },
]

describe.each(kinds)('$name', ({ decode, encode, exponentBits, fractionBits }) => {
  const values = decode(bytesOf(allCodes))
  const firstInfinite = (2 ** exponentBits - 1) << fractionBits
  const magnitudes = Array.from({ length: firstInfinite }, (_, code) => meaning(code, exponentBits, fractionBits))

  test('decodes all 65,536 codes as IEEE 754 defines them', () => {
    const wrong = [...allCodes].filter(
      (code) => !Object.is(values[code], Math.fround(meaning(code, exponentBits, fractionBits))),
    )
    expect(wrong).toEqual([])
  })

  test('encodes what it decoded to the same 65,536 codes, payloads of NaN included', () => {
    const back = encode16(encode, values)
    expect([...allCodes].filter((code) => back[code] !== code)).toEqual([])
  })

  test('rounds each point halfway between two neighbours to the even one, and its neighbours to theirs', () => {
    const wrong: unknown[] = []
    const halves = magnitudes.map((low, code) => {
      const high = magnitudes[code + 1] ?? low + (low - magnitudes[code - 1]!)
      return (low + high) / 2
    })
    const points = Float32Array.from(halves)
    expect([...points]).toEqual(halves)
    const bits = bitsOf(points)
    for (const step of [-1, 0, 1]) {
      const near = new Float32Array(bits.map((value) => value + step).buffer)
      const codes = encode16(encode, near)
      for (let code = 0; code < codes.length; code++) {
        const expected = step < 0 ? code : step > 0 ? code + 1 : code + (code % 2)
        if (codes[code] !== expected) wrong.push({ value: near[code], expected, found: codes[code] })
      }
    }
    expect(wrong).toEqual([])
  })

  test('rounds any F32 to the nearest code', () => {
    fc.assert(
      fc.property(fc.oneof(fc.float({ noNaN: true }), fc.float({ min: -70000, max: 70000, noNaN: true })), (value) => {
        const infinite = Math.abs(value) === Number.POSITIVE_INFINITY
        const expected = infinite ? firstInfinite | (value < 0 ? 0x8000 : 0) : nearest(magnitudes, value)
        expect(encode16(encode, Float32Array.of(value))[0]).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('keeps a NaN a NaN whose payload does not fit', () => {
    const nans = new Float32Array(Uint32Array.of(0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff).buffer)
    const codes = encode16(encode, nans)
    expect([...decode(new Uint8Array(codes.buffer))]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
    expect([...codes].map((code) => code >>> 15)).toEqual([0, 1, 0, 1])
  })
})

describe('F32', () => {
  const values = Float32Array.of(1.5, -0, Number.NaN, 1e-45, Number.NEGATIVE_INFINITY)

  test('is a view where it is aligned, a copy where it is not', () => {
    const buffer = new ArrayBuffer(28)
    new Uint8Array(buffer, 4, 20).set(bytesOf(values))
    expect(decodeFloat32(new Uint8Array(buffer, 4, 20)).buffer).toBe(buffer)
    new Uint8Array(buffer, 5, 20).set(bytesOf(values))
    const copy = decodeFloat32(new Uint8Array(buffer, 5, 20))
    expect(copy.buffer).not.toBe(buffer)
    expect([...copy]).toEqual([...values])
  })

  test('is written as a view, or as a copy', () => {
    expect(bytesOfFloat32(values).buffer).toBe(values.buffer)
    const written = new Uint8Array(values.byteLength)
    encodeFloat32(values, written)
    expect(written).toEqual(bytesOf(values))
  })

  test('is the same bits on a machine of the other byte order', () => {
    const bytes = bytesOf(values)
    expect(bitsOf(decodeFloat32(bytes, false))).toEqual(bitsOf(values))
    expect(bytesOfFloat32(values, false)).toEqual(bytes)
  })
})
