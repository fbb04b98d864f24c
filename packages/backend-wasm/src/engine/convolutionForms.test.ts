import { type Graph, GraphBuilder, inferShapes, parameter, type Tensor } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { detectFeatures } from '../features.js'
import { chooseForms, type Form } from '../plan/forms.js'
import { stepsOf } from '../plan/steps.js'
import { compute, engineFor, filled, random } from '../testing/engine.js'
import { exactConvolution, largestOf } from '../testing/exactConvolution.js'

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

/** By how much a form may enlarge what rounding does to its sums. */
const enlargements: Readonly<Record<Form, number>> = {
  direct: 1,
  merged: 1,
  winograd2: 2,
  winograd4: 16,
  phases: 8,
  strassen: 2,
}
/** Half a unit in the last place of 1. */
const rounding = 2 ** -24
/** Sums beside those of products: of a tile's transforms, of Strassen's halves, of the bias. */
const otherSums = 16

/** A convolution that takes a form where its packed weights may be `weightFactor` times what they are as they are. */
interface Setting {
  readonly form: Form
  readonly kernel: 1 | 3 | 7
  readonly stride: 1 | 2
  readonly inChannels: number
  readonly outChannels: number
  readonly groups: number
  readonly weightFactor: number
  /** The height and width of the map that it yields. */
  readonly side: number
}

const common = { stride: 1, groups: 1, side: 12 } as const
const narrow = { ...common, kernel: 3, inChannels: 32, outChannels: 32 } as const
const deep = { ...common, kernel: 3, inChannels: 512, outChannels: 16, side: 6 } as const
const pointwise = { ...common, kernel: 1, inChannels: 256, outChannels: 256 } as const
const deepPointwise = { ...common, kernel: 1, inChannels: 2048, outChannels: 512, side: 4 } as const
const stem = { ...common, kernel: 7, stride: 2, inChannels: 3, outChannels: 64 } as const

const settings: readonly Setting[] = [
  { ...narrow, form: 'direct', weightFactor: 1 },
  { ...narrow, form: 'winograd2', weightFactor: 2 },
  { ...narrow, form: 'winograd4', weightFactor: 5 },
  { ...pointwise, form: 'direct', weightFactor: 1 },
  { ...pointwise, form: 'strassen', weightFactor: 2 },
  { ...stem, form: 'merged', weightFactor: 1 },
  { ...stem, form: 'phases', weightFactor: 3 },
]

/** Groups of four channels, which have a kernel of their own, and of eight; and as many channels as networks have at most. */
const moreSettings: readonly Setting[] = [
  { ...narrow, groups: 8, form: 'winograd2', weightFactor: 5 },
  { ...narrow, inChannels: 256, outChannels: 256, groups: 32, form: 'winograd4', weightFactor: 5 },
  { ...deep, form: 'direct', weightFactor: 1 },
  { ...deep, form: 'winograd2', weightFactor: 2 },
  { ...deep, form: 'winograd4', weightFactor: 5 },
  { ...deepPointwise, form: 'strassen', weightFactor: 2 },
]

/** A value's place, and how large what it is in is. */
interface Place {
  readonly row: number
  readonly column: number
  readonly channel: number
  readonly inSide: number
  readonly inChannels: number
}
type Values = (place: Place) => number
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

/** Against the transforms: of a tile that begins at row and column 3, what comes out of them as large as can be. */
const cruel: Readonly<Record<string, Values>> = {
  'the same everywhere, and no sum of powers of two': () => 0.1,
  'signs at random': anySign,
  'the signs of the transform, at a tile': ({ row, column }) =>
    signsOfTile[(row + 3) % 6] * signsOfTile[(column + 3) % 6],
  'other signs of the transform, at a tile': ({ row, column }) =>
    otherSigns[(row + 3) % 6] * otherSigns[(column + 3) % 6],
  'the upper half a hundred million times the lower': ({ row, inSide }) =>
    (2 * row < inSide ? 1e4 : 1e-4) * (2 * u() - 1),
  'one half of the channels a hundred million times the other': ({ channel, inChannels }) =>
    (2 * channel < inChannels ? 1e4 : 1e-4) * (2 * u() - 1),
  'every second pixel a hundred million times the others': ({ row, column }) =>
    ((row + column) % 2 ? 1e4 : 1e-4) * (2 * u() - 1),
}
const signsOfTile = [1, -1, -1, -1, 1, 1]
const otherSigns = [1, 1, -1, -1, 1, 1]

const filters: Readonly<Record<string, (index: number) => number>> = {
  random: () => 2 * u() - 1,
  positive: () => u(),
  'of alternating signs': (index) => (index % 2 ? 1 : -1),
  'of a range of 1e4': () => anySign() * 10 ** (-4 * u()),
}

/** Against sums: each is rounded the same way as the one before. */
const cruelFilters: typeof filters = {
  'the same everywhere, and no sum of powers of two': () => 0.1,
  'of signs at random': anySign,
  'of signs that alternate from tap to tap': (index) => ((index % 9) % 2 ? -0.1 : 0.1),
}

function convolution({ kernel, stride, groups, inChannels, outChannels: channels }: Setting): Graph {
  const g = new GraphBuilder('convolution')
  const image = g.input('image', { channels: inChannels })
  g.output('y', g.conv2d(image, { name: 'conv', channels, kernel, stride, groups, padding: (kernel - 1) / 2 }))
  return g.build()
}

function weightOf({ kernel, groups, inChannels, outChannels }: Setting, values: (index: number) => number): Tensor {
  return filled([outChannels, inChannels / groups, kernel, kernel], values)
}

function imageOf(values: Values, { stride, inChannels, side }: Setting): Tensor {
  const inSide = side * stride
  return filled([1, inSide, inSide, inChannels], (index) => {
    const pixel = Math.floor(index / inChannels)
    const row = Math.floor(pixel / inSide)
    return values({ row, column: pixel % inSide, channel: index % inChannels, inSide, inChannels })
  })
}

/** A convolution with a weight, on an engine: tells the greatest error for an image, and what it is to be measured by. */
async function convolutionWith(setting: Setting, weight: Tensor, relaxedSimd: boolean) {
  const params = new Map([['conv.weight', parameter(weight.shape, weight.data)]])
  const engine = await engineFor(convolution(setting), params, { weightFactor: setting.weightFactor, relaxedSimd })
  return (image: Tensor) => {
    const { y, largestPossible } = exactConvolution(image, weight, setting)
    const [{ data }] = compute(engine, image)
    return { error: largestOf(y.map((value, index) => value - data[index])), largest: largestOf(y), largestPossible }
  }
}

/** How many products are summed into one value. */
function termsOf({ form, kernel, groups, inChannels }: Setting): number {
  const products: Readonly<Record<Form, number>> = {
    direct: kernel * kernel,
    merged: kernel * kernel,
    winograd2: 1,
    winograd4: 1,
    phases: 4,
    strassen: 1 / 2,
  }
  return (products[form] * inChannels) / groups
}

function worstCase(setting: Setting): number {
  return enlargements[setting.form] * (termsOf(setting) + otherSums) * rounding
}

const { relaxedSimd } = detectFeatures()

describe.each([false, ...(relaxedSimd ? [true] : [])])('relaxed SIMD: %s', (relaxedSimd) => {
  const title = '$form of $kernel×$kernel from $inChannels channels in $groups groups'

  describe.each([...settings, ...moreSettings])(title, (setting) => {
    const { form, kernel, groups, inChannels, outChannels, weightFactor } = setting

    test('is what is chosen', () => {
      const graph = convolution(setting)
      const shapes = inferShapes(graph, { image: [1, 224, 224, inChannels] })
      const limit = (weightFactor * outChannels * inChannels * kernel * kernel * 4) / groups
      expect([...chooseForms(stepsOf(graph), shapes, limit).values()]).toEqual([form])
    })

    test.each(Object.entries({ ...filters, ...cruelFilters }))(
      'is never worse than rounding allows, filters %s',
      async (name, values) => {
        const measure = await convolutionWith(setting, weightOf(setting, values), relaxedSimd)
        // The others, with filters that are not, have a narrower bound.
        const images = name in cruelFilters ? { ...ordinary, ...adversarial, ...cruel } : cruel
        for (const [imageName, imageValues] of Object.entries(images)) {
          const { error, largestPossible } = measure(imageOf(imageValues, setting))
          expect(error / largestPossible, imageName).toBeLessThan(worstCase(setting))
        }
      },
    )
  })

  describe.each(settings)(title, (setting) => {
    test.each(Object.entries(filters))('stays within its bound, filters %s', async (_, values) => {
      const measure = await convolutionWith(setting, weightOf(setting, values), relaxedSimd)
      const bound = bounds[setting.form]
      for (const [name, imageValues] of Object.entries({ ...ordinary, ...adversarial })) {
        const { error, largest, largestPossible } = measure(imageOf(imageValues, setting))
        expect(error / largestPossible, `${name}, of the largest possible`).toBeLessThan(bound.ofLargestPossible)
        if (largest * 20 < largestPossible) continue
        const limit = name in ordinary ? bound.ordinary : bound.ofLargest
        expect(error / largest, `${name}, of the largest output`).toBeLessThan(limit)
      }
    })

    test('is never worse than rounding allows, where images and filters are made worse and worse', async () => {
      // Of pixels that are computed one by one, there need not be many.
      const smaller = setting.kernel === 1 ? { ...setting, side: 4 } : setting
      const inSide = smaller.side * smaller.stride
      const area = setting.kernel ** 2
      let taps = Array.from({ length: area }, () => 0.1 * anySign())
      let pixels = Array.from({ length: inSide ** 2 }, () => 0.7 * anySign())
      let worst = 0
      for (let step = 0; step < 60; step++) {
        const [nextTaps, nextPixels] = step === 0 ? [taps, pixels] : [changed(taps), changed(pixels)]
        const weight = weightOf(setting, (index) => nextTaps[index % area])
        const measure = await convolutionWith(setting, weight, relaxedSimd)
        const image = imageOf(({ row, column }) => nextPixels[row * inSide + column], smaller)
        const { error, largestPossible } = measure(image)
        expect(error / largestPossible).toBeLessThan(worstCase(setting))
        if (error / largestPossible < worst) continue
        worst = error / largestPossible
        taps = nextTaps
        pixels = nextPixels
      }
      expect(worst).toBeGreaterThan(0)
    })
  })
})

/** The same values but for one, which has the other sign, or is another. */
function changed(values: readonly number[]): number[] {
  const at = Math.floor(u() * values.length)
  return values.map((value, index) => (index !== at ? value : u() < 0.7 ? -value : 2 * u() - 1))
}
