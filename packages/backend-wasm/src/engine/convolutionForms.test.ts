import { type Graph, GraphBuilder, inferShapes, parameter, type Tensor } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { detectFeatures } from '../features.js'
import { chooseForms, type Form } from '../plan/forms.js'
import { stepsOf } from '../plan/steps.js'
import { compute, engineFor, filled, random } from '../testing/engine.js'

/*
 * How far each form of a convolution may be from what it computes exactly. Of Winograd's forms the transforms, and of
 * Strassen's the sums, take differences of values that are larger than the result: what is lost is in proportion to the
 * largest output that such inputs and filters could have, max|x| · max Σ|w|. Where little cancels, so that the largest output
 * is at least a twentieth of that, it is in proportion to the largest output too; for inputs as networks have them, less.
 */
interface Bound {
  readonly ofLargestPossible: number
  readonly ofLargest: number
  readonly ordinary: number
}
const bounds: Readonly<Record<Form, Bound>> = {
  direct: { ofLargestPossible: 2e-6, ofLargest: 4e-6, ordinary: 2e-6 },
  merged: { ofLargestPossible: 2e-6, ofLargest: 4e-6, ordinary: 2e-6 },
  winograd2: { ofLargestPossible: 2e-6, ofLargest: 4e-6, ordinary: 2e-6 },
  winograd4: { ofLargestPossible: 1e-5, ofLargest: 5e-5, ordinary: 1e-5 },
  phases: { ofLargestPossible: 1e-5, ofLargest: 5e-5, ordinary: 1e-5 },
  strassen: { ofLargestPossible: 2e-6, ofLargest: 4e-6, ordinary: 2e-6 },
}

/** A convolution that takes a form where its packed weights may be `weightFactor` times what they are as they are. */
interface Setting {
  readonly form: Form
  readonly kernel: 1 | 3 | 7
  readonly stride: 1 | 2
  readonly inChannels: number
  readonly outChannels: number
  readonly weightFactor: number
}

const settings: readonly Setting[] = [
  { form: 'direct', kernel: 3, stride: 1, inChannels: 32, outChannels: 32, weightFactor: 1 },
  { form: 'winograd2', kernel: 3, stride: 1, inChannels: 32, outChannels: 32, weightFactor: 2 },
  { form: 'winograd4', kernel: 3, stride: 1, inChannels: 32, outChannels: 32, weightFactor: 5 },
  { form: 'direct', kernel: 1, stride: 1, inChannels: 256, outChannels: 256, weightFactor: 1 },
  { form: 'strassen', kernel: 1, stride: 1, inChannels: 256, outChannels: 256, weightFactor: 2 },
  { form: 'merged', kernel: 7, stride: 2, inChannels: 3, outChannels: 64, weightFactor: 1 },
  { form: 'phases', kernel: 7, stride: 2, inChannels: 3, outChannels: 64, weightFactor: 3 },
]

/** Of the map that a convolution yields. */
const side = 12

type Values = (place: { readonly row: number; readonly column: number; readonly channel: number }) => number
const u = random(1)
const anySign = () => (u() < 0.5 ? -1 : 1)

const ordinary: Readonly<Record<string, Values>> = {
  'between -2 and 2': () => 4 * u() - 2,
  'after a ReLU': () => Math.max(0, 4 * u() - 2),
  'scaled by 1e4': () => 1e4 * (4 * u() - 2),
  'scaled by 1e-4': () => 1e-4 * (4 * u() - 2),
}

const adversarial: Readonly<Record<string, Values>> = {
  'a range of 1e8': () => anySign() * 10 ** (8 * u() - 4),
  constant: () => 1,
  'constant, large, with a little on top': () => 1e4 + u(),
  'signs that alternate from pixel to pixel': ({ row, column }) => ((row + column) % 2 ? 1 : -1),
  'signs that alternate from channel to channel': ({ channel }) => (channel % 2 ? 1 : -1),
  'the signs of a row of the transform': ({ column }) => [1, 1, -1, -1, 1, 1][column % 6],
  'the coefficients of a row of the transform': ({ row, column }) =>
    [4, 0, -5, 0, 1, 0][row % 6] * [4, 0, -5, 0, 1, 0][column % 6],
  'one bright pixel': ({ row, column }) => (row === 7 && column === 7 ? 1e4 : u()),
}

const filters: Readonly<Record<string, (index: number) => number>> = {
  random: () => 2 * u() - 1,
  positive: () => u(),
  'of alternating signs': (index) => (index % 2 ? 1 : -1),
  'of a range of 1e4': () => anySign() * 10 ** (-4 * u()),
}

function convolution({ kernel, stride, inChannels, outChannels }: Setting): Graph {
  const g = new GraphBuilder('convolution')
  const image = g.input('image', { channels: inChannels })
  g.output('y', g.conv2d(image, { name: 'conv', channels: outChannels, kernel, stride, padding: (kernel - 1) / 2 }))
  return g.build()
}

/** What a convolution computes, in float64, and the largest output that it could have. */
function exact({ data: x }: Tensor, { data: w }: Tensor, { kernel, stride, inChannels, outChannels }: Setting) {
  const half = (kernel - 1) / 2
  const inSide = side * stride
  const area = kernel * kernel
  const y = new Float64Array(side * side * outChannels)
  for (let place = 0; place < side * side * area; place++) {
    const [pixel, tap] = [Math.floor(place / area), place % area]
    const row = Math.floor(pixel / side) * stride + Math.floor(tap / kernel) - half
    const column = (pixel % side) * stride + (tap % kernel) - half
    if (row < 0 || column < 0 || row >= inSide || column >= inSide) continue
    const from = (row * inSide + column) * inChannels
    for (let out = 0; out < outChannels; out++) {
      const at = out * inChannels * area + tap
      let sum = 0
      for (let c = 0; c < inChannels; c++) sum += x[from + c] * w[at + c * area]
      y[pixel * outChannels + out] += sum
    }
  }
  const length = w.length / outChannels
  const sums = Array.from({ length: outChannels }, (_, out) => {
    return w.subarray(out * length, (out + 1) * length).reduce((sum, value) => sum + Math.abs(value), 0)
  })
  return { y, largestPossible: largestOf(x) * Math.max(...sums) }
}

function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function imageOf(values: Values, { stride, inChannels }: Setting): Tensor {
  const inSide = side * stride
  return filled([1, inSide, inSide, inChannels], (index) => {
    const pixel = Math.floor(index / inChannels)
    return values({ row: Math.floor(pixel / inSide), column: pixel % inSide, channel: index % inChannels })
  })
}

const { relaxedSimd } = detectFeatures()

describe.each([false, ...(relaxedSimd ? [true] : [])])('relaxed SIMD: %s', (relaxedSimd) => {
  describe.each(settings)('$form of $kernel×$kernel', (setting) => {
    const { form, kernel, inChannels, outChannels, weightFactor } = setting
    const graph = convolution(setting)

    test('is what is chosen', () => {
      const shapes = inferShapes(graph, { image: [1, 224, 224, inChannels] })
      const limit = weightFactor * outChannels * inChannels * kernel * kernel * 4
      expect([...chooseForms(stepsOf(graph), shapes, limit).values()]).toEqual([form])
    })

    test.each(Object.entries(filters))('stays within its bound, filters %s', async (_, values) => {
      const weight = filled([outChannels, inChannels, kernel, kernel], values)
      const params = new Map([['conv.weight', parameter(weight.shape, weight.data)]])
      const engine = await engineFor(graph, params, { weightFactor, relaxedSimd })
      for (const [name, imageValues] of Object.entries({ ...ordinary, ...adversarial })) {
        const image = imageOf(imageValues, setting)
        const { y, largestPossible } = exact(image, weight, setting)
        const [{ data }] = compute(engine, image)
        const error = largestOf(y.map((value, index) => value - data[index]))
        const bound = bounds[form]
        expect(error / largestPossible, `${name}, of the largest possible`).toBeLessThan(bound.ofLargestPossible)
        const largest = largestOf(y)
        if (largest * 20 < largestPossible) continue
        const limit = name in ordinary ? bound.ordinary : bound.ofLargest
        expect(error / largest, `${name}, of the largest output`).toBeLessThan(limit)
      }
    })
  })
})
