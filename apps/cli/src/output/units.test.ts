import { describe, expect, it } from 'vitest'
import { compact, duration, exact, latency, megabytes, percent } from './units.js'

describe('compact', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.00 k'],
    [9994, '9.99 k'],
    [9995, '10.0 k'],
    [99_949, '99.9 k'],
    [99_950, '100 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [25_557_032, '25.6 M'],
    [4_089_184_256, '4.09 G'],
    [1e15, '1.00 P'],
    [1e19, '10000 P'],
  ])('%d is %s', (count, text) => expect(compact(count)).toBe(text))
})

it('sets thousands apart', () => expect(exact(25_557_032)).toBe('25,557,032'))

it.each([
  [0.99994, '99.99 %'],
  [1, '100.00 %'],
  [0, '0.00 %'],
  [null, '–'],
])('%f as a percentage is %s', (share, text) => expect(percent(share)).toBe(text))

it.each([
  [0.4, '0 ms'],
  [812.3, '812 ms'],
  [2449, '2.4 s'],
])('%d ms is %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text))

it.each([
  [1.274, '1.27 ms'],
  [9.5, '9.50 ms'],
  [104.24, '104.2 ms'],
  [2413, '2.41 s'],
])('%d ms, measured, are %s', (milliseconds, text) => expect(latency(milliseconds)).toBe(text))

it('counts bytes in millions', () => expect(megabytes(187_400_000)).toBe('187 MB'))
