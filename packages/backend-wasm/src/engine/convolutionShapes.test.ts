import {
  activationKinds,
  GraphBuilder,
  inferShapes,
  lower,
  type Network,
  optimise,
  type Padding,
  parameter,
  parameters,
  ShapeError,
  sizeOf,
} from '@resnet-ts/graph'
import { expectClose } from '@resnet-ts/testing/close'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectFeatures } from '../features.js'
import type { Form } from '../plan/forms.js'
import type { Kernel } from '../plan/layout.js'
import { compute, engineFor, filled, random } from '../testing/engine.js'

// Whatever the map's size and padding, the batch, the epilogue and how the work is shared out, every form of a convolution yields
// what the first form does, that takes the least memory.

interface Setting {
  readonly form: Form
  readonly kernel: 1 | 3 | 7
  readonly strides: readonly (1 | 2)[]
  readonly inChannels: number
  readonly channels: number
  readonly groups: number
  readonly mostPadding: number
  /** What the packed weights may take, as a multiple of what they take as they are, so that the form is chosen. */
  readonly weightFactor: number
  /** The kernel that computes the form, and no other. */
  readonly kernelName: Kernel
}

const square = { kernel: 3, strides: [1], groups: 1, mostPadding: 2, kernelName: 'winograd' } as const
const settings: readonly Setting[] = [
  { ...square, form: 'winograd2', inChannels: 32, channels: 32, weightFactor: 2 },
  { ...square, form: 'winograd4', inChannels: 32, channels: 32, weightFactor: 5 },
  { ...square, form: 'winograd2', inChannels: 32, channels: 32, groups: 8, weightFactor: 5 },
  { ...square, form: 'winograd4', inChannels: 256, channels: 256, groups: 32, weightFactor: 5 },
  {
    ...{ form: 'strassen', kernelName: 'strassen', kernel: 1, strides: [1, 2], mostPadding: 0 },
    ...{ inChannels: 256, channels: 256, groups: 1, weightFactor: 2 },
  },
  {
    ...{ form: 'phases', kernelName: 'winograd', kernel: 7, strides: [2], mostPadding: 4 },
    ...{ inChannels: 3, channels: 64, groups: 1, weightFactor: 3 },
  },
]

interface Run {
  readonly image: readonly [batch: number, height: number, width: number]
  readonly padding: Padding
  readonly stride: 1 | 2
  readonly bias: boolean
  readonly residual: boolean
  readonly activation: (typeof activationKinds)[number] | undefined
  readonly threads: number
  readonly relaxedSimd: boolean
}

function runsOf({ strides, mostPadding }: Setting): fc.Arbitrary<Run> {
  const side = fc.integer({ min: 1, max: 21 })
  const pad = fc.nat(mostPadding)
  return fc.record({
    image: fc.tuple(fc.integer({ min: 1, max: 3 }), side, side),
    padding: fc.tuple(pad, pad, pad, pad),
    stride: fc.constantFrom(...strides),
    bias: fc.boolean(),
    residual: fc.boolean(),
    activation: fc.constantFrom(undefined, ...activationKinds),
    threads: fc.integer({ min: 1, max: 4 }),
    relaxedSimd: fc.constantFrom(false, detectFeatures().relaxedSimd),
  })
}

/** A convolution, what passes fuse with it, and for a residual another of the same size. */
function networkOf({ kernel, inChannels, channels, groups }: Setting, run: Run): Network {
  const g = new GraphBuilder('convolution')
  const image = g.input('image', { channels: inChannels })
  const { padding, stride, bias } = run
  const convolve = (name: string) => g.conv2d(image, { name, channels, kernel, stride, padding, groups, bias })
  let y = convolve('conv')
  if (run.residual) y = g.add(y, convolve('shortcut'))
  if (run.activation) y = g.activation(y, run.activation)
  g.output('y', y)
  const graph = g.build()
  const u = random(5)
  const params = parameters(graph).map(({ key, shape }) => {
    const scale = Math.sqrt(3 / sizeOf(shape.slice(1)))
    return [key, parameter(shape, filled(shape, () => (2 * u() - 1) * scale).data)] as const
  })
  return lower(optimise({ graph, params: new Map(params) }), { residual: true, activations: activationKinds })
}

test.each(settings)('$form from $inChannels channels in $groups groups', async (setting) => {
  let fitting = 0
  const u = random(6)
  await fc.assert(
    fc.asyncProperty(runsOf(setting), async (run) => {
      const { graph, params } = networkOf(setting, run)
      const image = filled([...run.image, setting.inChannels], () => 4 * u() - 2)
      const { threads, relaxedSimd } = run
      const common = { threads, relaxedSimd, profile: true }
      const [plain, other] = [
        await engineFor(graph, params, { ...common, weightFactor: 1 }),
        await engineFor(graph, params, { ...common, weightFactor: setting.weightFactor }),
      ]
      try {
        inferShapes(graph, { image: image.shape })
      } catch {
        expect(() => other.begin([image])).toThrow(ShapeError)
        return
      }
      fitting++
      const [expected] = compute(plain, image)
      const [found] = compute(other, image)
      const kernels = (engine: typeof plain) => engine.end().profile?.map(({ kernel }) => kernel)
      expect(kernels(other)).toContain(setting.kernelName)
      expect(kernels(plain)).not.toContain(setting.kernelName)
      expect(found.shape).toEqual(expected.shape)
      expectClose(found.data, expected.data, 5e-5)
    }),
    { numRuns: 40 },
  )
  expect(fitting).toBeGreaterThan(10)
})
