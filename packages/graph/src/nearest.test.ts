import { expect, test } from 'vitest'
import { nearestNames } from './nearest.js'

test.each([
  ['topk', ['batchSize', 'topK', 'signal'], 'topK'],
  ['batch_size', ['topK', 'batchSize'], 'batchSize'],
  ['resnet5', ['resnet18', 'resnet50'], 'resnet50'],
  // Put in, taken out and changed letters count alike: two here, three in the other.
  ['kitten', ['sitting', 'mitte'], 'mitte'],
  ['', ['ab', 'c'], 'c'],
])('%j is nearest, of %j, to %s', (name, known, nearest) => {
  expect(nearestNames(name, known, 1)).toEqual([nearest])
})

test('gives as many as are asked for, the nearest first, equals in their order', () => {
  expect(nearestNames('aa', ['bb', 'aa', 'ab', 'ba'], 3)).toEqual(['aa', 'ab', 'ba'])
  expect(nearestNames('aa', [], 3)).toEqual([])
})

test('answers at once for a name of any length', () => {
  expect(nearestNames('x'.repeat(1_000_000), ['x', 'y'], 1)).toEqual(['x'])
})
