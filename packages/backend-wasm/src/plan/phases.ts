import { evenUp } from './convolutions.js'
import { asConvolution, filtersOf, panelChannels, type Weighted } from './forms.js'

/** G for F(3, 4) with the points 0, ±1, ±2: rows are what the four taps of a filter give at each point. */
const transform = [
  [1 / 4, 0, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6, 1 / 6],
  [1 / 24, 2 / 24, 4 / 24, 8 / 24],
  [1 / 24, -2 / 24, 4 / 24, -8 / 24],
  [0, 0, 0, 1],
]
const edge = transform.length

/**
 * The weights of the form `phases`, [36][panels][4 · inChannels][8]: a 7×7 kernel, with a row and a column of zeros to make
 * it 8×8, as four of 4×4, each G·g·Gᵀ. Small, and so not in WebAssembly.
 *
 * @param weight - [outChannels][inChannels][7][7]
 */
export function packPhases(node: Weighted, weight: Float32Array): Float32Array {
  const { kernel, padding, inChannels } = asConvolution(node.attributes)
  const { outChannels } = filtersOf(node)
  const run = 4 * inChannels
  const shift = [evenUp(padding[0]) - padding[0], evenUp(padding[3]) - padding[3]]
  const packed = new Float32Array(edge * edge * outChannels * run)
  const tap = (out: number, channel: number, y: number, x: number) => {
    const [row, column] = [y - shift[0], x - shift[1]]
    const inside = row >= 0 && row < kernel[0] && column >= 0 && column < kernel[1]
    return inside ? weight[((out * inChannels + channel) * kernel[0] + row) * kernel[1] + column] : 0
  }
  const filter = new Float64Array(16)
  for (let out = 0; out < outChannels; out++) {
    const panel = Math.floor(out / panelChannels) * run * panelChannels
    for (let r = 0; r < run; r++) {
      const phase = Math.floor(r / inChannels)
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          filter[i * 4 + j] = tap(out, r % inChannels, 2 * i + (phase >> 1), 2 * j + (phase & 1))
        }
      }
      const place = panel + r * panelChannels + (out % panelChannels)
      putTransformed(filter, packed, place, outChannels * run)
    }
  }
  return packed
}

/** G·g·Gᵀ of a filter, to values `step` apart. */
function putTransformed(filter: Float64Array, to: Float32Array, place: number, step: number): void {
  for (const [i, row] of transform.entries()) {
    const half = [0, 1, 2, 3].map(
      (j) => row[0] * filter[j] + row[1] * filter[4 + j] + row[2] * filter[8 + j] + row[3] * filter[12 + j],
    )
    for (const [j, column] of transform.entries()) {
      const value = column[0] * half[0] + column[1] * half[1] + column[2] * half[2] + column[3] * half[3]
      to[place + (i * edge + j) * step] = value
    }
  }
}
