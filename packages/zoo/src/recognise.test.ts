import { parameters } from '@resnet-ts/graph'
import { expect, test } from 'vitest'
import {
  cifar_resnet20,
  findModel,
  gluon_resnet50_v1,
  type ModelOptions,
  models,
  recognise,
  resnet18,
  resnet50,
} from './index.js'
import { makeSignatures } from './makeSignatures.js'
import { signatures } from './signatures.data.js'

type Graph = ReturnType<typeof resnet18>

const shapesOf = (graph: Graph) => new Map(parameters(graph).map(({ key, shape }) => [key, shape]))

test('the table is that of the models there are: node makeSignatures.mjs makes it', () => {
  expect(signatures).toEqual(Object.fromEntries(makeSignatures()))
})

test('every model is recognised, or one with the very same keys and shapes', () => {
  for (const [name, factory] of models) {
    const found = recognise(shapesOf(factory({ numClasses: 7 })))
    expect([found?.name, ...(found?.alternatives ?? [])], name).toContain(name)
    expect(found?.options, name).toEqual({ numClasses: 7, inChannels: 3 })
    expect(found?.folded, name).toBe(false)
    for (const other of found?.alternatives ?? []) {
      expect(shapesOf(findModel(other)()), other).toEqual(shapesOf(factory()))
    }
  }
})

test.each<[string, (options?: ModelOptions) => Graph, ModelOptions]>([
  ['resnet50', resnet50, { numClasses: 1000, inChannels: 3 }],
  ['resnet50', resnet50, { numClasses: 0, inChannels: 1 }],
  ['resnet18', resnet18, { numClasses: 10, inChannels: 4, shortcut: 'C' }],
  ['cifar_resnet20', cifar_resnet20, { numClasses: 10, inChannels: 3 }],
  ['cifar_resnet20', cifar_resnet20, { numClasses: 100, inChannels: 3, shortcut: 'B' }],
  ['gluon_resnet50_v1', gluon_resnet50_v1, { numClasses: 1000, inChannels: 3 }],
])('%s with its options', (name, factory, options) => {
  const shapes = [...shapesOf(factory(options))].reverse()
  expect(recognise(new Map(shapes))).toMatchObject({ name, options, folded: false })
  expect(recognise(new Map([...shapes, ['bn1.num_batches_tracked', []]]))).toMatchObject({ name, options })
})

test('the plainest of several', () => {
  expect(recognise(shapesOf(resnet50()))).toMatchObject({
    name: 'resnet50',
    alternatives: expect.arrayContaining(['resnetaa50']),
  })
})

test('a network whose norms are folded', () => {
  const folded = (graph: Graph) =>
    new Map(
      graph.nodes.flatMap((node) => {
        if (node.op !== 'conv2d' && node.op !== 'linear') return []
        const weight = shapesOf(graph).get(`${node.name}.weight`)!
        return [[`${node.name}.weight`, weight] as const, [`${node.name}.bias`, [weight[0]!]] as const]
      }),
    )
  expect(recognise(folded(resnet18()))).toMatchObject({ name: 'resnet18', folded: true })
  expect(recognise(folded(cifar_resnet20({ shortcut: 'B' })))).toMatchObject({
    name: 'cifar_resnet20',
    options: { shortcut: 'B' },
    folded: true,
  })
})

test('nothing else', () => {
  expect(recognise(new Map())).toBeUndefined()
  expect(recognise(new Map([['fc.weight', [10, 512]]]))).toBeUndefined()
  const shapes = shapesOf(resnet18())
  expect(recognise(new Map([...shapes, ['extra.weight', [3]]]))).toBeUndefined()
  expect(recognise(new Map([...shapes, ['layer1.0.bn1.weight', [3]]]))).toBeUndefined()
  expect(recognise(new Map([...shapes].slice(1)))).toBeUndefined()
})

test('at once', () => {
  const shapes = shapesOf(resnet50())
  const best = Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now()
      recognise(shapes)
      return performance.now() - start
    }),
  )
  expect(best).toBeLessThan(500)
})
