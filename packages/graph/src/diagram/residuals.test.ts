import { expect, test } from 'vitest'
import { GraphBuilder } from '../builder.js'
import { optimise } from '../passes/index.js'
import { paramsOf } from '../testing/networks.js'
import { preActivatedBlock, residualNetwork } from '../testing/residual.js'
import { residuals } from './index.js'

test('tells of each block what is added to what, and whether that was changed on its way', () => {
  expect(residuals(residualNetwork([2, 1]))).toEqual([
    {
      block: 'layer1.0',
      kind: 'smallBlock',
      sum: 'layer1.0.add',
      residual: 'layer1.0.conv2_norm',
      shortcut: 'relu',
      line: 'solid',
    },
    {
      block: 'layer1.1',
      kind: 'smallBlock',
      sum: 'layer1.1.add',
      residual: 'layer1.1.conv2_norm',
      shortcut: 'layer1.0.act2',
      line: 'solid',
    },
    {
      block: 'layer2.0',
      kind: 'smallBlock',
      sum: 'layer2.0.add',
      residual: 'layer2.0.conv2_norm',
      shortcut: 'layer2.0.downsample.0',
      line: 'dashed',
    },
  ])
})

test('tells them of pre-activated blocks', () => {
  const found = residuals(residualNetwork([1, 2], { block: preActivatedBlock }))
  expect(found.map(({ residual, shortcut, line }) => [residual, shortcut, line])).toEqual([
    ['layer1.0.conv2', 'relu', 'solid'],
    ['layer2.0.conv2', 'layer2.0.downsample.conv', 'dashed'],
    ['layer2.1.conv2', 'layer2.0.add', 'solid'],
  ])
})

test('leaves out what is in no block, or was fused', () => {
  const g = new GraphBuilder('loose')
  const image = g.input('image', { channels: 3 })
  g.output('sum', g.add(g.conv2d(image, { name: 'conv', channels: 3, kernel: 1 }), image, { name: 'add' }))
  expect(residuals(g.build())).toEqual([])
  const graph = residualNetwork([2])
  expect(residuals(optimise({ graph, params: paramsOf(graph) }).graph)).toEqual([])
})
