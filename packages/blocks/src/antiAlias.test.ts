import { describe, expect, test } from 'vitest'
import {
  type AntiAlias,
  averagePool,
  averagePoolProjection,
  basicBlock,
  blurPool,
  bottleneck,
  cifarStem,
  convolutionPoolStem,
  deepStem,
  imagenetStem,
  preActivationBasicBlock,
  preActivationBottleneck,
  preActivationProjection,
  projection,
  tieredStem,
} from './index.js'
import { graphOf, linesOf, nodesOf, outputShape } from './testing/parts.js'

const blocks = [
  ['basicBlock', basicBlock, projection],
  ['bottleneck', bottleneck, projection],
  ['preActivationBasicBlock', preActivationBasicBlock, preActivationProjection],
  ['preActivationBottleneck', preActivationBottleneck, preActivationProjection],
] as const

/** The window of each convolution on the branch: `3×3 stride 2`. */
function strides(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('conv')).map((line) => line.match(/stride \d/)?.[0] ?? 'stride 1')
}

describe.each(blocks)('%s', (_name, block, downsample) => {
  const graph = (stride: number, antiAlias: AntiAlias | undefined) =>
    graphOf(16, (g, x) => block(g, x, { channels: 16, stride, antiAlias, downsample }))

  test('without antialiasing has its stride in a convolution', () => {
    const lines = linesOf(graph(2, undefined))
    expect(strides(lines).filter((stride) => stride === 'stride 2')).toHaveLength(1)
    expect(lines.some((line) => line.startsWith('aa'))).toBe(false)
  })

  test.each([
    ['blur pooling', blurPool, /^aa = blurPool\(\w+\) 3×3 stride 2$/],
    ['average pooling', averagePool, /^aa = avgPool\(\w+\) 2×2 stride 2$/],
  ])('with %s has it there, after the convolution that would have had it', (_kind, antiAlias, line) => {
    const strided = graph(2, antiAlias)
    const lines = linesOf(strided)
    expect(strides(lines).every((stride) => stride === 'stride 1')).toBe(true)
    const antiAliased = lines.filter((each) => each.startsWith('aa = '))
    expect(antiAliased).toEqual([expect.stringMatching(line)])
    // After the first 3×3 convolution, and before the second, where there are two.
    const place = lines.indexOf(antiAliased[0]!)
    const [first, second = lines.length] = lines.flatMap((each, index) =>
      /^conv\d = .* 3×3 pad 1/.test(each) ? index : [],
    )
    expect(place).toBeGreaterThan(first!)
    expect(place).toBeLessThan(second)
    expect(outputShape(strided, [2, 8, 6, 16])).toEqual([2, 4, 3, 16 * block.expansion])
  })

  test('without a stride has no antialiasing', () => {
    for (const antiAlias of [blurPool, averagePool]) {
      expect(linesOf(graph(1, antiAlias))).toEqual(linesOf(graph(1, undefined)))
    }
  })

  test('blurs, but keeps every pixel, where dilation takes the place of a stride, as timm does', () => {
    const dilated = graphOf(16, (g, x) =>
      block(g, x, { channels: 16, dilation: 2, firstDilation: 1, antiAlias: blurPool, downsample }),
    )
    expect(nodesOf(dilated, 'blurPool').map(({ attributes }) => attributes)).toEqual([{ kernel: 3, stride: 1 }])
    expect(outputShape(dilated, [1, 7, 8, 16])).toEqual([1, 7, 8, 16 * block.expansion])
    const later = graphOf(16, (g, x) =>
      block(g, x, { channels: 16, dilation: 2, firstDilation: 2, antiAlias: blurPool, downsample }),
    )
    expect(nodesOf(later, 'blurPool')).toEqual([])
  })
})

describe('a stem', () => {
  const stems = [
    ['imagenetStem', imagenetStem],
    ['deepStem', deepStem],
    ['tieredStem', tieredStem],
  ] as const

  test.each(stems)('%s pools the maximum of every pixel, then blurs with the stride', (_name, stem) => {
    const graph = graphOf(3, (g, x) => stem(g, x, { channels: 64, antiAlias: blurPool }))
    expect(linesOf(graph).slice(-2)).toEqual([
      'maxpool.0 = maxPool(act1) 3×3 pad 1',
      'maxpool.1 = blurPool(maxpool.0) 3×3 stride 2',
    ])
    expect(outputShape(graph, [1, 65, 30, 3])).toEqual([1, 17, 8, 64])
  })

  test.each(stems)('%s pools by averages alone, when it is antialiased by them', (_name, stem) => {
    const graph = graphOf(3, (g, x) => stem(g, x, { channels: 64, antiAlias: averagePool }))
    expect(linesOf(graph).at(-1)).toBe('maxpool = avgPool(act1) 2×2 stride 2')
    expect(nodesOf(graph, 'maxPool')).toEqual([])
  })

  test.each([
    ['cifarStem', cifarStem],
    ['convolutionPoolStem', convolutionPoolStem],
  ])('%s has no pooling, and so nothing to antialias', (_name, stem) => {
    const lines = (antiAlias?: AntiAlias) => linesOf(graphOf(3, (g, x) => stem(g, x, { channels: 64, antiAlias })))
    expect(lines(blurPool)).toEqual(lines())
  })
})

test('average-pooled antialiasing and average-pool shortcuts meet on even maps', () => {
  const graph = graphOf(16, (g, x) =>
    bottleneck(g, x, { channels: 16, stride: 2, antiAlias: averagePool, downsample: averagePoolProjection }),
  )
  expect(outputShape(graph, [1, 6, 10, 16])).toEqual([1, 3, 5, 64])
})
