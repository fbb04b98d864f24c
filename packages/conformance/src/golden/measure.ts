import { compareValues, describeWorst, type Tolerance } from '@resnet-ts/golden'
import { type Backend, optimise, type Shape, type Tensor } from '@resnet-ts/graph'
import { runOnce } from '../check.js'
import type { GoldenAnswer, GoldenRun } from './runs.js'

/** A network as its author wrote it, or with batch norms folded and epilogues fused. */
export type Form = 'as written' | 'optimised'

/** How far each value may be from PyTorch's. */
export const bounds: Readonly<Record<Form, Required<Tolerance>>> = {
  'as written': { absolute: 1e-4, relative: 1e-4 },
  optimised: { absolute: 2e-4, relative: 2e-4 },
}

/** How far a network's answers are from PyTorch's. */
export interface Measurement {
  /** The greatest error of any value. */
  readonly largestError: number
  /** The greatest error in proportion to what is allowed where it is; more than 1 is too much. */
  readonly share: number
  /** Where that is: `logits 631`. */
  readonly place: string
  /** What is wrong, in words; nothing when all is within the bounds. */
  readonly faults: readonly string[]
  readonly milliseconds: number
}

/** Runs a network in one of its forms on a backend, and compares what it answers with what PyTorch does. */
export async function measure(
  run: GoldenRun,
  form: Form,
  backend: Backend,
  bound = bounds[form],
): Promise<Measurement> {
  const start = performance.now()
  const { network, image, answers } = run
  const outputs = await runOnce(backend, form === 'optimised' ? optimise(network) : network, { image })
  const milliseconds = performance.now() - start
  const parts = answers.map((answer) => compareAnswer(outputs[answer.output], answer, bound))
  const worst = parts.reduce((left, right) => (right.share > left.share ? right : left))
  return {
    largestError: Math.max(...parts.map(({ largestError }) => largestError)),
    share: worst.share,
    place: worst.place,
    faults: parts.flatMap(({ fault }) => fault ?? []),
    milliseconds,
  }
}

function compareAnswer(actual: Tensor | undefined, answer: GoldenAnswer, bound: Required<Tolerance>) {
  const { output, first, meanAbs } = answer
  const shape = oursOf(answer.shape)
  if (actual?.shape.join() !== shape.join()) {
    const fault = `${output}: shape [${actual?.shape.join(', ') ?? 'none'}] instead of [${shape.join(', ')}]`
    return { largestError: Number.POSITIVE_INFINITY, share: Number.POSITIVE_INFINITY, place: output, fault }
  }
  const values = [...firstInPyTorchOrder(actual, first.length), ...(meanAbs === undefined ? [] : [meanOf(actual.data)])]
  const expected = [...Array.from(first), ...(meanAbs === undefined ? [] : [meanAbs])]
  const comparison = compareValues(values, expected, bound)
  const { maxError, worst, index, within } = comparison
  return {
    largestError: maxError,
    share: worst,
    place: index === first.length ? `mean of |${output}|` : `${output} ${index}`,
    fault: within ? undefined : `${output}: ${describeWorst(comparison)}`,
  }
}

/** A shape of PyTorch's order of axes in ours: `[n, c, h, w]` → `[n, h, w, c]`. */
function oursOf(shape: Shape): Shape {
  const [batch, channels, ...size] = shape
  return [batch, ...size, channels]
}

/** The first elements of a value in PyTorch's order of axes. */
function firstInPyTorchOrder({ shape, data }: Tensor, count: number): number[] {
  if (shape.length !== 4) return Array.from(data.subarray(0, count))
  const [, height, width, channels] = shape
  const area = height * width
  return Array.from({ length: count }, (_, index) => {
    const image = Math.floor(index / (area * channels))
    const channel = Math.floor(index / area) % channels
    return data[(image * area + (index % area)) * channels + channel]
  })
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length
}
