import { GraphBuilder } from '@resnet-ts/graph'
import { expect, test } from 'vitest'
import { lastUsesOf } from './lastUses.js'

test('a value goes after its last use, one that nothing uses at once, an output never', () => {
  const g = new GraphBuilder('network')
  const image = g.input('image', { channels: 1 })
  const a = g.relu(image, { name: 'a' })
  const b = g.relu(a, { name: 'b' })
  g.relu(a, { name: 'unused' })
  const sum = g.add(a, b, { name: 'sum' })
  g.output('first', a)
  g.output('last', sum)
  expect(lastUsesOf(g.build())).toEqual([[], ['image'], [], ['unused'], ['b']])
})
