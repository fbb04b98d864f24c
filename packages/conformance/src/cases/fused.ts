import { type ActivationKind, activationKinds, inferShapes, optimise, type Shape, tensor } from '@resnet-ts/graph'
import {
  type ConformanceCase,
  caseTolerance,
  inputsFor,
  opGraph,
  paramsOf,
  plain,
  type Tensors,
  withGoldenParams,
} from '../case.js'
import type { Convolution } from './convolutions.js'

/** Each of some convolutions with every epilogue that passes can give it, compared with the parts it was fused from. */
export function fusedCases(): ConformanceCase[] {
  const activations = [null, ...activationKinds]
  return fusedConvolutions.flatMap((convolution) =>
    [false, true].flatMap((residual) =>
      activations
        .filter((activation) => residual || activation)
        .map((activation) => fusedCase(convolution, residual, activation)),
    ),
  )
}

const fusedConvolutions: readonly Convolution[] = [
  ['3×3', [2, 5, 7, 6], { channels: 6, kernel: 3, padding: 1, bias: true }],
  ['1×1, stride 2, without a bias', [1, 7, 4, 5], { channels: 9, kernel: 1, stride: 2 }],
  [
    '3×3, stride 2, four paddings',
    [1, 6, 9, 4],
    { channels: 3, kernel: 3, stride: 2, padding: [0, 2, 1, 1], bias: true },
  ],
  ['2 groups', [1, 5, 4, 8], { channels: 4, kernel: 3, padding: 1, groups: 2, bias: true }],
  ['depthwise', [2, 4, 5, 6], { channels: 6, kernel: 3, padding: 1, groups: 6 }],
  ['standardised', [1, 5, 6, 4], { channels: 6, kernel: 3, padding: 1, bias: true, standardise: 1e-6 }],
]

function fusedCase(
  [name, shape, options]: Convolution,
  residual: boolean,
  activation: ActivationKind | null,
): ConformanceCase {
  const inputs = residual ? [shape, outputShape(shape, options)] : [shape]
  const origin = withGoldenParams(
    opGraph(inputs, (g, x, added) => {
      const y = g.conv2d(x, { name: 'conv', ...options })
      const sum = added ? g.add(y, added) : y
      return activation ? g.activation(sum, activation) : sum
    }),
  )
  const fused = optimise({ graph: origin.graph, params: paramsOf(origin) })
  return {
    name: `fused conv2d ${name}${residual ? ' + residual' : ''}${activation ? ` → ${activation}` : ''}`,
    ...plain(fused),
    inputs: scaled(inputsFor(origin.graph, inputs), 4),
    expected: 'reference',
    origin,
    tolerance: caseTolerance,
  }
}

/** The tensors times a number: here, so that relu6 reaches its limit. */
function scaled(tensors: Tensors, factor: number): Tensors {
  const entries = Object.entries(tensors).map(
    ([name, { shape, data }]) =>
      [
        name,
        tensor(
          shape,
          data.map((value) => value * factor),
        ),
      ] as const,
  )
  return Object.fromEntries(entries)
}

function outputShape(shape: Shape, options: Convolution[2]): Shape {
  const graph = opGraph([shape], (g, x) => g.conv2d(x, { name: 'conv', ...options }))
  return inferShapes(graph, { a: shape }).get('conv') as Shape
}
