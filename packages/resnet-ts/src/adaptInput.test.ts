import { GraphBuilder } from '@resnet-ts/graph'
import { parseSafetensors, writeSafetensors } from '@resnet-ts/weights'
import { expect, test } from 'vitest'
import { adaptInput } from './adaptInput.js'

function graphOf(channels: number) {
  const g = new GraphBuilder('one convolution')
  g.output('out', g.conv2d(g.input('image', { channels }), { name: 'conv', channels: 2, kernel: [1, 2] }))
  return g.build()
}

const weight = Float32Array.from({ length: 12 }, (_, index) => index + 1)
const checkpoint = parseSafetensors(
  writeSafetensors(new Map([['conv.weight', { shape: [2, 3, 1, 2], read: () => weight }]])),
)
const adapted = (channels: number) => adaptInput(graphOf(channels), checkpoint).tensors.get('conv.weight')!

// `[2, 3, 1, 2]` holds 1 2 | 3 4 | 5 6 and 7 8 | 9 10 | 11 12; the expected values are timm's adapt_input_conv.
test('one channel takes the sum of three', () => {
  expect(adapted(1).shape).toEqual([2, 1, 1, 2])
  expect([...adapted(1).read()]).toEqual([9, 12, 27, 30])
})

test('more are repeated, and scaled by three over their number', () => {
  expect(adapted(4).shape).toEqual([2, 4, 1, 2])
  const scaled = [1, 2, 3, 4, 5, 6, 1, 2, 7, 8, 9, 10, 11, 12, 7, 8].map((value) => (value * 3) / 4)
  expect([...adapted(4).read()]).toEqual(scaled)
})

test('three are left as they are', () => {
  expect(adaptInput(graphOf(3), checkpoint)).toBe(checkpoint)
})
