import { activationKinds, type PadAttributes, type Shape, type SliceAttributes } from '@resnet-ts/graph'
import { type ConformanceCase, opCase } from '../case.js'

/** The ops that are neither convolutions nor pools, on vectors, on single pixels and on odd maps. */
export function otherCases(): ConformanceCase[] {
  return [
    ...normCases(),
    ...elementCases(),
    ...products(),
    ...linearCases(),
    ...padCases(),
    ...sliceCases(),
    ...concatCases(),
  ]
}

const shapes: readonly Shape[] = [
  [1, 1],
  [5, 13],
  [1, 1, 1, 7],
  [3, 5, 4, 6],
]
const maps = shapes.filter((shape) => shape.length === 4)

function normCases(): ConformanceCase[] {
  return maps.flatMap((map) => [
    opCase(`batchNorm of ${map.join('×')}`, [map], (g, x) => g.batchNorm(x, { name: 'norm' })),
    opCase(`batchNorm of ${map.join('×')}, epsilon 0.1`, [map], (g, x) => g.batchNorm(x, { epsilon: 0.1 })),
    ...[1, map[3]].map((groups) =>
      // A group of one element has no deviation but epsilon's: a large one keeps rounding in its place.
      opCase(`groupNorm of ${map.join('×')}, ${groups} groups`, [map], (g, x) =>
        g.groupNorm(x, { groups, epsilon: map[1] === 1 ? 0.1 : 1e-5 }),
      ),
    ),
  ])
}

function elementCases(): ConformanceCase[] {
  return shapes.flatMap((shape) => [
    ...activationKinds.map((kind) =>
      // Four times as far from zero, so that relu6 reaches its limit.
      opCase(`${kind} of ${shape.join('×')}`, [shape], (g, x) => {
        const twice = g.add(x, x)
        return g.activation(g.add(twice, twice), kind)
      }),
    ),
    opCase(`softmax of ${shape.join('×')}`, [shape], (g, x) => g.softmax(x)),
    opCase(`add of ${shape.join('×')}`, [shape, shape], (g, x, y) => g.add(x, y)),
    opCase(`add of ${shape.join('×')} to itself`, [shape], (g, x) => g.add(x, x)),
    opCase(`dropout of ${shape.join('×')}`, [shape], (g, x) => g.dropout(x, { rate: 0.5 })),
    opCase(`dropPath of ${shape.join('×')}`, [shape], (g, x) => g.dropPath(x, { rate: 0.5 })),
  ])
}

function products(): ConformanceCase[] {
  return [
    ...shapes.flatMap((shape) => [
      opCase(`multiply ${shape.join('×')}`, [shape, shape], (g, x, y) => g.multiply(x, y)),
      opCase(`multiply ${shape.join('×')} by itself`, [shape], (g, x) => g.multiply(x, x)),
    ]),
    ...maps.map((map) => {
      const gate = [map[0], 1, 1, map[3]]
      return opCase(`multiply ${map.join('×')} by a gate`, [map, gate], (g, x, y) => g.multiply(x, y))
    }),
  ]
}

function linearCases(): ConformanceCase[] {
  const rows: readonly Shape[] = [
    [2, 1],
    [5, 13],
    [1, 130],
  ]
  return rows.flatMap((shape) => [
    ...[1, 7].flatMap((channels) =>
      [false, true].map((bias) =>
        opCase(`linear ${shape.join('×')} to ${channels}${bias ? ' + bias' : ''}`, [shape], (g, x) =>
          g.linear(x, { name: 'fc', channels, bias }),
        ),
      ),
    ),
    ...[1, 3, 9].flatMap((kernel) => [
      opCase(`channelConv1d ${shape.join('×')}, kernel ${kernel}`, [shape], (g, x) =>
        g.channelConv1d(x, { name: 'conv', kernel }),
      ),
      opCase(`channelConv1d ${shape[0]}×1×1×${shape[1]}, kernel ${kernel}`, [[shape[0], 1, 1, shape[1]]], (g, x) =>
        g.channelConv1d(x, { name: 'conv', kernel }),
      ),
    ]),
  ])
}

function padCases(): ConformanceCase[] {
  const pads: readonly (readonly [name: string, map: Shape, options: Partial<PadAttributes>])[] = [
    ['zero, one pixel', [2, 1, 1, 3], { padding: [2, 0, 1, 3] }],
    ['zero, four paddings', [2, 3, 4, 5], { padding: [1, 2, 3, 0] }],
    ['zero, channels', [3, 2, 3, 5], { channels: [2, 3] }],
    ['zero, channels after only', [1, 4, 3, 4], { channels: [0, 1] }],
    ['zero, pixels and channels', [2, 3, 2, 1], { padding: [0, 1, 1, 0], channels: [1, 0] }],
    ['zero, nothing', [1, 2, 3, 4], {}],
    ['reflect, one side', [1, 2, 5, 3], { padding: [1, 0, 0, 0], mode: 'reflect' }],
    ['reflect, four paddings', [2, 5, 6, 3], { padding: [1, 5, 4, 2], mode: 'reflect' }],
    ['reflect, one row', [2, 1, 4, 3], { padding: [0, 3, 0, 1], mode: 'reflect' }],
  ]
  const window = { kernel: 3, stride: 2 }
  return [
    ...pads.map(([name, map, options]) => opCase(`pad ${name}`, [map], (g, x) => g.pad(x, options))),
    // Zeros that are pixels like others, unlike the padding of a pool: they win over negative values, and count.
    opCase('pad zero, then maxPool', [[1, 5, 4, 3]], (g, x) => g.maxPool(g.pad(x, { padding: 2 }), window)),
    opCase('pad zero, then avgPool', [[1, 5, 4, 3]], (g, x) =>
      g.avgPool(g.pad(x, { padding: 2 }), { ...window, padding: 1, countIncludePad: false }),
    ),
    opCase('pad zero, then conv2d', [[1, 5, 4, 3]], (g, x) =>
      g.conv2d(g.pad(x, { padding: 2 }), { name: 'conv', channels: 2, padding: 1, ...window }),
    ),
  ]
}

function sliceCases(): ConformanceCase[] {
  const slices: readonly (readonly [
    name: string,
    options: { [Axis in keyof SliceAttributes]?: Partial<SliceAttributes[Axis]> },
  ])[] = [
    ['everything', {}],
    ['every second pixel', { rows: { step: 2 }, columns: { step: 2 } }],
    ['every third row from the second', { rows: { start: 1, step: 3 } }],
    ['a step beyond the map', { rows: { step: 9 }, columns: { start: 5, step: 9 } }],
    ['the last column', { columns: { start: -1 } }],
    ['all but the first and the last row', { rows: { start: 1, stop: -1 } }],
    ['every second channel', { channels: { step: 2 } }],
    ['the middle channels', { channels: { start: 2, stop: 5 } }],
    [
      'all three axes',
      { rows: { start: -5, stop: -1, step: 2 }, columns: { stop: 4, step: 3 }, channels: { start: -3 } },
    ],
    ['a stop beyond the end', { rows: { start: 2, stop: 100 }, columns: { start: -100 } }],
  ]
  return slices.map(([name, options]) => opCase(`slice ${name}`, [[2, 7, 6, 7]], (g, x) => g.slice(x, options)))
}

function concatCases(): ConformanceCase[] {
  const map = (channels: number): Shape => [2, 3, 4, channels]
  return [
    opCase('concat of one map', [map(3)], (g, x) => g.concat([x])),
    opCase('concat of two maps', [map(3), map(5)], (g, ...values) => g.concat(values)),
    opCase('concat of three maps', [map(1), map(4), map(2)], (g, ...values) => g.concat(values)),
    opCase('concat of a map with itself', [map(3)], (g, x) => g.concat([x, x])),
    opCase(
      'concat of vectors',
      [
        [5, 3],
        [5, 4],
      ],
      (g, ...values) => g.concat(values),
    ),
  ]
}
