import { createHash } from 'node:crypto'
import type { RgbImage } from '../image.js'

/** The noise of tooling/golden/preprocess.py: high bytes of a linear congruential generator. */
export function noise(width: number, height: number): RgbImage {
  let state = width * 65536 + height
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
  return { width, height, data }
}

/** A picture that compresses well, and of which JPEG keeps nearly every value. */
export function gradient(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      data[at] = Math.round((255 * x) / Math.max(1, width - 1))
      data[at + 1] = Math.round((255 * y) / Math.max(1, height - 1))
      data[at + 2] = 128
    }
  }
  return { width, height, data }
}

export function sha256(data: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
}

export interface Difference {
  readonly worst: number
  /** Which value is the worst, for the message of a failed test. */
  readonly where: string
  /** The share of values further away than `tolerance`. */
  readonly beyond: number
}

/** How two images of one size differ, value by value. */
export function difference(actual: RgbImage, expected: RgbImage, tolerance = 0): Difference {
  if (actual.width !== expected.width || actual.height !== expected.height) {
    throw new Error(`${actual.width} × ${actual.height} instead of ${expected.width} × ${expected.height}`)
  }
  let worst = 0
  let at = 0
  let beyond = 0
  expected.data.forEach((value, index) => {
    const error = Math.abs(value - actual.data[index]!)
    if (error > tolerance) beyond++
    if (error > worst) {
      worst = error
      at = index
    }
  })
  const pixel = Math.floor(at / 3)
  const where = `x ${pixel % actual.width}, y ${Math.floor(pixel / actual.width)}, channel ${at % 3}: ${actual.data[at]} instead of ${expected.data[at]}`
  return { worst, where, beyond: beyond / expected.data.length }
}
