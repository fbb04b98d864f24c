import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFloats, shortest, writeFloats } from './floats.js'

describe('shortest', () => {
  it.each([
    [0.1, 0.1],
    [1 / 3, 0.33333334],
    [16_777_216, 16_777_216],
    [2 ** -149, 1.4013e-45],
    [3.4028234663852886e38, 3.4028235e38],
    [-0.5, -0.5],
    [0, 0],
  ])('of %f is %f', (value, expected) => expect(shortest(Math.fround(value))).toBe(expected))

  it('gives the same 32 bits back, and no number with fewer digits does', () => {
    const floats = fc.float({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(floats, (value) => {
        const found = shortest(value)
        expect(Math.fround(found)).toBe(value === 0 ? 0 : value)
        const digits = found.toExponential().replace(/e.*/, '').replaceAll(/\D/g, '').length
        if (digits > 6) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('bytes', () => {
  it('are little-endian, wherever they begin', () => {
    const bytes = new Uint8Array(11)
    writeFloats(Float32Array.of(1, -2), bytes, 3)
    expect([...bytes]).toEqual([0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
    expect(readFloats(bytes, 3, 2)).toEqual(Float32Array.of(1, -2))
  })

  it('can be numbers of 64 bits', () => {
    const doubles = new Uint8Array(Float64Array.of(0.1, 1e300).buffer)
    expect(readFloats(doubles, 0, 2, 8)).toEqual(Float32Array.of(0.1, Number.POSITIVE_INFINITY))
  })
})
