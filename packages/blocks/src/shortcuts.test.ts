import { describe, expect, test } from 'vitest'
import {
  averagePoolProjection,
  groupNorm,
  preActivationAveragePoolProjection,
  preActivationProjection,
  projection,
  projectionOf,
  type Shortcut,
  type ShortcutOptions,
} from './index.js'
import { graphOf, keysOf, linesOf, outputShape } from './testing/parts.js'

const norm = ['weight', 'bias', 'running_mean', 'running_var']
const write = (shortcut: Shortcut, options: ShortcutOptions) => graphOf(8, (g, x) => shortcut(g, x, options))

describe('averagePoolProjection', () => {
  test('averages 2×2 pixels where there is a stride, without the padding of odd maps, then projects', () => {
    const graph = write(averagePoolProjection, { channels: 16, stride: 2 })
    expect(linesOf(graph)).toEqual([
      'downsample.0 = avgPool(image) 2×2 stride 2 ceil excluding padding',
      'downsample.1 = conv2d(downsample.0) 8 → 16 1×1',
      'downsample.2 = batchNorm(downsample.1) 16',
    ])
    expect(keysOf(graph)).toEqual(['downsample.1.weight', ...norm.map((suffix) => `downsample.2.${suffix}`)])
    expect(outputShape(graph, [1, 7, 8, 8])).toEqual([1, 4, 4, 16])
  })

  test('projects alone where there is no stride, under the same names', () => {
    const graph = write(averagePoolProjection, { channels: 16, stride: 1 })
    expect(linesOf(graph)[0]).toBe('downsample.1 = conv2d(image) 8 → 16 1×1')
    expect(keysOf(graph)).toEqual(keysOf(write(averagePoolProjection, { channels: 16, stride: 2 })))
  })

  test('slides by one pixel where dilation takes the place of the stride', () => {
    const graph = write(averagePoolProjection, { channels: 16, stride: 1, dilation: 2, firstDilation: 1 })
    expect(linesOf(graph)[0]).toBe('downsample.0 = avgPool(image) 2×2 pad 0 1 1 0')
    expect(outputShape(graph, [1, 7, 8, 8])).toEqual([1, 7, 8, 16])
  })

  test('takes a norm', () => {
    const graph = graphOf(8, (g, x) => averagePoolProjection(g, x, { channels: 32, stride: 2, norm: groupNorm }))
    expect(linesOf(graph).at(-1)).toBe('downsample.2 = groupNorm(downsample.1) 32 groups 32')
  })
})

describe('projectionOf', () => {
  const wide = projectionOf({ kernel: 3 })

  test('has its kernel where there is a stride', () => {
    const graph = write(wide, { channels: 16, stride: 2 })
    expect(linesOf(graph)).toEqual([
      'downsample.0 = conv2d(image) 8 → 16 3×3 stride 2 pad 1',
      'downsample.1 = batchNorm(downsample.0) 16',
    ])
    expect(outputShape(graph, [1, 7, 8, 8])).toEqual([1, 4, 4, 16])
  })

  test('is 1×1 where there is neither stride nor dilation', () => {
    expect(linesOf(write(wide, { channels: 16, stride: 1 }))).toEqual(
      linesOf(write(projection, { channels: 16, stride: 1 })),
    )
  })

  test('is dilated as the stage before was', () => {
    const line = (firstDilation: number) =>
      linesOf(write(wide, { channels: 16, stride: 1, dilation: 4, firstDilation }))[0]
    expect(line(1)).toBe('downsample.0 = conv2d(image) 8 → 16 3×3 pad 1')
    expect(line(2)).toBe('downsample.0 = conv2d(image) 8 → 16 3×3 pad 2 dilation 2')
  })

  test('of one pixel is not dilated', () => {
    expect(linesOf(write(projection, { channels: 16, stride: 1, dilation: 2, firstDilation: 2 }))[0]).toBe(
      'downsample.0 = conv2d(image) 8 → 16 1×1',
    )
  })
})

describe('shortcuts of pre-activated blocks', () => {
  test('project without a norm', () => {
    expect(linesOf(write(preActivationProjection, { channels: 16, stride: 2 }))).toEqual([
      'downsample.conv = conv2d(image) 8 → 16 1×1 stride 2',
    ])
    expect(linesOf(write(preActivationProjection, { channels: 16, stride: 2, standardise: 1e-8 }))).toEqual([
      'downsample.conv = conv2d(image) 8 → 16 1×1 stride 2 standardised',
    ])
  })

  test.each([
    ['a stride', { stride: 2 }, ['avgPool(image) 2×2 stride 2 ceil excluding padding', 'conv2d(downsample.pool)']],
    ['no stride', { stride: 1 }, ['conv2d(image)']],
    ['dilation', { stride: 1, dilation: 2 }, ['avgPool(image) 2×2 pad 0 1 1 0', 'conv2d(downsample.pool)']],
  ])('average before they project where there is %s', (_what, options, expected) => {
    const lines = linesOf(write(preActivationAveragePoolProjection, { channels: 16, ...options }))
    expect(lines.map((line) => line.replace(/^\S+ = /, '').replace(/ 8 → 16 1×1$/, ''))).toEqual(expected)
  })
})
