import { goldenTensor } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../errors.js'
import { arranged } from '../names/index.js'
import { readCheckpoint } from '../readCheckpoint.js'
import { bitsOf, fixture, fixtureUrl } from '../testing/fixtures.js'

/** Keras's names of the tiny network's tensors. */
const keys = {
  'conv1/kernel': 'conv1.weight',
  'bn1/gamma': 'bn1.weight',
  'bn1/beta': 'bn1.bias',
  'bn1/moving_mean': 'bn1.running_mean',
  'bn1/moving_variance': 'bn1.running_var',
  'fc/kernel': 'fc.weight',
  'fc/bias': 'fc.bias',
}

/** That a checkpoint holds the tiny network in Keras's layouts, bit for bit. */
function expectTinyKeras({ tensors }: Checkpoint, rename = (key: string) => key): void {
  expect([...tensors.keys()].sort()).toEqual(Object.keys(keys).map(rename).sort())
  for (const [key, own] of Object.entries(keys)) {
    const tensor = tensors.get(rename(key))!
    const [a = 1, b = 1, c = 1, d = 1] = tensor.shape
    const axes = { 4: [3, 2, 0, 1], 2: [1, 0], 1: [0] }[tensor.shape.length]!
    const shape = { 4: [d, c, a, b], 2: [b, a], 1: [a] }[tensor.shape.length]!
    expect(bitsOf(arranged(tensor, { axes, shape }).read()), key).toEqual(bitsOf(goldenTensor(own, shape)))
  }
}

describe('reads', () => {
  test.each([
    ['weights of Keras 2', 'tiny.h5', 'keras-h5'],
    ['a model of Keras 2, compressed', 'tiny-model.h5', 'keras-h5'],
    ['a file of the latest HDF5', 'tiny-latest.h5', 'keras-h5'],
    ['weights of Keras 3', 'tiny.weights.h5', 'keras-h5'],
    ['a model of Keras 3', 'tiny.keras', 'keras'],
  ])('%s: %s', async (_, name, format) => {
    for (const source of [fixture(name), fixtureUrl(name)]) {
      const checkpoint = await readCheckpoint(source)
      expect(checkpoint.format).toBe(format)
      expectTinyKeras(checkpoint)
    }
  })

  test('layers without names by kind and number', async () => {
    const kinds: Record<string, string> = { conv1: 'conv2d', bn1: 'batch_normalization', fc: 'dense' }
    const checkpoint = await readCheckpoint(fixture('nameless.weights.h5'))
    expectTinyKeras(checkpoint, (key) => key.replace(/^\w+/, (layer) => kinds[layer]!))
  })

  test('arrays in place', async () => {
    const bytes = fixture('tiny.h5')
    const { tensors } = await readCheckpoint(bytes)
    for (const { read } of tensors.values()) expect(read().buffer).toBe(bytes.buffer)
  })

  test('F16', async () => {
    const { tensors } = await readCheckpoint(fixture('tiny-f16.h5'))
    expect(tensors.get('fc/bias')!.dtype).toBe('F16')
    const expected = goldenTensor('fc.bias', [5])
    const values = tensors.get('fc/bias')!.read()
    for (const [index, value] of values.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(2 ** -13)
  })

  test('chunks that do not fill the array, and F64', async () => {
    const { tensors } = await readCheckpoint(fixture('chunks.h5'))
    expect(tensors.get('a/kernel')!.shape).toEqual([7, 5])
    expect([...tensors.get('a/kernel')!.read()]).toEqual(Array.from({ length: 35 }, (_, index) => index))
    expect([...tensors.get('a/bias')!.read()]).toEqual(Array.from({ length: 11 }, (_, index) => index))
  })
})

describe('refuses', () => {
  test.each([
    ['big-endian.h5', 'expected little-endian numbers, found big-endian ones; write them as little-endian.'],
    ['tracked.h5', "found one of many tracked links; write the file with libver='earliest'."],
  ])('%s', async (name, message) => {
    await expect(readCheckpoint(fixture(name))).rejects.toThrow(message)
    await expect(readCheckpoint(fixture(name))).rejects.toThrow(CheckpointError)
  })

  test('every file that was cut short', async () => {
    for (const name of ['tiny.h5', 'tiny-model.h5', 'tiny.keras']) {
      const whole = fixture(name)
      for (let length = 8; length < whole.length / 2; length += 501) {
        await expect(readCheckpoint(whole.slice(0, length)), `${name}, ${length}`).rejects.toThrow(CheckpointError)
      }
    }
  })
})
