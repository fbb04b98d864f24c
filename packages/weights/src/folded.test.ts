import { goldenTensor } from '@resnet-ts/golden'
import { type Graph, GraphBuilder, optimise, parameters } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { bind } from './bind.js'
import type { Checkpoint } from './checkpoint.js'
import { BindingError } from './errors.js'
import { parseSafetensors } from './formats/safetensors.js'
import { writeSafetensors } from './formats/writeSafetensors.js'
import { bitsOf } from './testing/fixtures.js'

function network(epsilon: number, bias = false): Graph {
  const g = new GraphBuilder('folded')
  const image = g.input('image', { channels: 3 })
  const x = g.conv2d(image, { name: 'conv', channels: 64, kernel: 3, padding: 1, bias })
  const y = g.relu(g.batchNorm(x, { name: 'bn', epsilon }))
  g.output('logits', g.linear(g.globalPool(y), { name: 'fc', channels: 10 }))
  return g.build()
}

function checkpointOf(shapes: Readonly<Record<string, readonly number[]>>): Checkpoint {
  const tensors = Object.entries(shapes).map(
    ([key, shape]) => [key, { shape, read: () => goldenTensor(key, shape) }] as const,
  )
  return parseSafetensors(writeSafetensors(new Map(tensors)))
}

const shapes = { 'conv.weight': [64, 3, 3, 3], 'conv.bias': [64], 'fc.weight': [10, 64], 'fc.bias': [10] }

describe.each([1e-5, 1.001e-5, 1e-3, 1e-8])('a checkpoint whose norms are folded, epsilon %d', (epsilon) => {
  test.each([false, true])(
    'binds, and folds to the very same weights (a bias of the convolution’s own: %s)',
    (bias) => {
      const graph = network(epsilon, bias)
      const { params, missing, unexpected } = bind(graph, checkpointOf(shapes))
      expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] })
      expect([...params.keys()]).toEqual(parameters(graph).map(({ key }) => key))
      const folded = optimise({ graph, params })
      expect(folded.graph.nodes.some(({ op }) => op === 'batchNorm')).toBe(false)
      for (const key of ['conv.weight', 'conv.bias'] as const) {
        expect(bitsOf(folded.params.get(key)!.read()), key).toEqual(bitsOf(goldenTensor(key, shapes[key])))
      }
    },
  )
})

test('a norm of which something is left is not taken for folded', () => {
  const checkpoint = checkpointOf({ ...shapes, 'bn.weight': [64] })
  expect(() => bind(network(1e-5), checkpoint)).toThrow(BindingError)
  expect(() => bind(network(1e-5), checkpoint)).toThrow(/3 missing \('bn\.bias', .*1 unexpected \('conv\.bias'\)/)
})

test('norms without a bias in their place are missing', () => {
  const { 'conv.bias': _, ...rest } = shapes
  expect(() => bind(network(1e-5), checkpointOf(rest))).toThrow(/4 missing/)
})
