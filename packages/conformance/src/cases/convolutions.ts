import type { Conv2dOptions, Shape } from '@resnet-ts/graph'
import { type ConformanceCase, opCase } from '../case.js'

/** A convolution, and the shape of what it is applied to. */
export type Convolution = readonly [name: string, input: Shape, options: Omit<Conv2dOptions, 'name'>]

/** Convolutions of awkward shapes: each says what is awkward. */
export function convolutionCases(): ConformanceCase[] {
  return convolutions.map(([name, shape, options]) =>
    opCase(`conv2d ${name}`, [shape], (g, x) => g.conv2d(x, { name: 'conv', ...options })),
  )
}

const convolutions: readonly Convolution[] = [
  ['1×1 from one channel to one, on one pixel', [1, 1, 1, 1], { channels: 1, kernel: 1 }],
  ['1×1 on one pixel, batch 5', [5, 1, 1, 33], { channels: 17, kernel: 1, bias: true }],
  ['1×1, stride 3 greater than the kernel', [2, 8, 7, 5], { channels: 9, kernel: 1, stride: 3 }],
  ['1×1, stride greater than the map', [1, 4, 4, 8], { channels: 8, kernel: 1, stride: 7 }],
  ['1×1, strides 2 and 1', [1, 7, 5, 4], { channels: 3, kernel: 1, stride: [2, 1], bias: true }],
  ['2×2, stride 3 greater than the kernel', [1, 9, 10, 3], { channels: 4, kernel: 2, stride: 3 }],
  ['2×2, even, padded after only', [3, 5, 6, 3], { channels: 4, kernel: 2, padding: [0, 1, 1, 0] }],
  ['3×3 on one pixel, batch 4', [4, 1, 1, 5], { channels: 3, kernel: 3, padding: 1, bias: true }],
  ['3×3 on a row of pixels', [1, 1, 11, 3], { channels: 8, kernel: 3, padding: 1 }],
  ['3×3 on a column of pixels', [1, 9, 1, 3], { channels: 8, kernel: 3, padding: 1 }],
  ['3×3, as large as the map', [2, 3, 3, 6], { channels: 5, kernel: 3 }],
  ['3×3, 17 channels to 33, batch 3', [3, 5, 7, 17], { channels: 33, kernel: 3, padding: 1 }],
  ['3×3 to one channel', [1, 6, 5, 16], { channels: 1, kernel: 3, padding: 1, bias: true }],
  ['3×3, stride 2, even', [2, 8, 6, 4], { channels: 8, kernel: 3, stride: 2, padding: 1 }],
  ['3×3, stride 2, odd', [2, 9, 7, 4], { channels: 8, kernel: 3, stride: 2, padding: 1 }],
  ['3×3, stride 2, padded as Keras does', [1, 8, 8, 3], { channels: 4, kernel: 3, stride: 2, padding: [0, 1, 1, 0] }],
  ['3×3, stride 4 greater than the kernel', [1, 13, 11, 3], { channels: 4, kernel: 3, stride: 4, padding: 1 }],
  ['3×3, more padding than kernel', [1, 2, 3, 2], { channels: 3, kernel: 3, padding: 4, bias: true }],
  ['3×3, four paddings', [2, 6, 5, 3], { channels: 4, kernel: 3, padding: [3, 0, 1, 2], bias: true }],
  ['3×3, dilation 2', [1, 9, 8, 4], { channels: 5, kernel: 3, padding: 2, dilation: 2 }],
  ['3×3, dilation 3, padded less', [1, 9, 10, 4], { channels: 5, kernel: 3, padding: 1, dilation: 3 }],
  ['3×3, dilation 4 wider than the map', [1, 4, 3, 4], { channels: 4, kernel: 3, padding: 4, dilation: 4 }],
  ['3×3, dilations 1 and 2', [1, 6, 9, 3], { channels: 4, kernel: 3, padding: [1, 2, 1, 2], dilation: [1, 2] }],
  ['3×3, stride 2, dilation 2', [2, 9, 8, 3], { channels: 4, kernel: 3, stride: 2, padding: 2, dilation: 2 }],
  [
    '3×3, strides 3 and 2, dilations 2 and 3, four paddings',
    [1, 10, 11, 3],
    {
      channels: 4,
      kernel: 3,
      stride: [3, 2],
      padding: [1, 2, 3, 0],
      dilation: [2, 3],
      bias: true,
    },
  ],
  ['1×5', [1, 4, 9, 3], { channels: 4, kernel: [1, 5], padding: [0, 2, 0, 2] }],
  ['5×1, stride 2', [1, 9, 4, 3], { channels: 4, kernel: [5, 1], stride: 2, padding: [2, 0, 2, 0] }],
  ['4×3', [1, 7, 8, 3], { channels: 5, kernel: [4, 3], padding: [1, 1, 2, 1] }],
  ['7×7, stride 2, odd', [2, 15, 17, 3], { channels: 8, kernel: 7, stride: 2, padding: 3 }],
  ['7×7 of one grey pixel', [1, 1, 1, 1], { channels: 4, kernel: 7, stride: 2, padding: 3, bias: true }],
  ['2 groups of one channel', [1, 5, 4, 2], { channels: 2, kernel: 3, padding: 1, groups: 2 }],
  ['2 groups, more out than in', [2, 5, 7, 6], { channels: 10, kernel: 3, padding: 1, groups: 2, bias: true }],
  ['3 groups, 1×1, stride 2', [1, 7, 6, 9], { channels: 6, kernel: 1, stride: 2, groups: 3 }],
  [
    '4 groups, stride 2, four paddings',
    [1, 8, 7, 16],
    {
      channels: 16,
      kernel: 3,
      stride: 2,
      padding: [0, 1, 2, 1],
      groups: 4,
      bias: true,
    },
  ],
  ['4 groups, dilation 2', [2, 7, 6, 8], { channels: 12, kernel: 3, padding: 2, dilation: 2, groups: 4 }],
  [
    '4 groups, stride 2, dilation 2',
    [1, 9, 9, 8],
    {
      channels: 8,
      kernel: 3,
      stride: 2,
      padding: 2,
      dilation: 2,
      groups: 4,
    },
  ],
  ['32 groups of 4 channels', [1, 4, 5, 128], { channels: 128, kernel: 3, padding: 1, groups: 32 }],
  ['depthwise, batch 3', [3, 6, 5, 7], { channels: 7, kernel: 3, padding: 1, groups: 7 }],
  [
    'depthwise, stride 2, padded after only',
    [1, 8, 9, 4],
    {
      channels: 4,
      kernel: 3,
      stride: 2,
      padding: [0, 1, 1, 0],
      groups: 4,
      bias: true,
    },
  ],
  ['depthwise, dilation 2', [1, 7, 8, 5], { channels: 5, kernel: 3, padding: 2, dilation: 2, groups: 5 }],
  [
    'depthwise, strides that differ',
    [1, 9, 8, 5],
    {
      channels: 5,
      kernel: [3, 2],
      stride: [1, 2],
      padding: [1, 0, 1, 0],
      groups: 5,
    },
  ],
  ['depthwise, 1×1', [1, 5, 4, 6], { channels: 6, kernel: 1, groups: 6, bias: true }],
  ['depthwise, three filters a channel', [2, 5, 6, 4], { channels: 12, kernel: 3, padding: 1, groups: 4 }],
  ['standardised, 1×1', [2, 4, 5, 6], { channels: 4, kernel: 1, standardise: 1e-8 }],
  ['standardised, 7×7, stride 2', [1, 9, 8, 3], { channels: 5, kernel: 7, stride: 2, padding: 3, standardise: 1e-6 }],
  [
    'standardised, with a large epsilon and a bias',
    [1, 5, 6, 4],
    { channels: 3, kernel: 3, padding: 1, bias: true, standardise: 0.5 },
  ],
  [
    'standardised, 4 groups, dilation 2',
    [2, 7, 6, 8],
    { channels: 8, kernel: 3, padding: 2, dilation: 2, groups: 4, standardise: 1e-5 },
  ],
  ['standardised, depthwise', [1, 6, 5, 7], { channels: 7, kernel: 3, padding: 1, groups: 7, standardise: 1e-5 }],
  ['one group of one channel, three filters', [1, 5, 6, 1], { channels: 3, kernel: 3, padding: 1 }],
]
