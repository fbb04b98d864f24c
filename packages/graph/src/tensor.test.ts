import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type Shape, sizeOf, tensor } from './tensor.js'
import { refusal } from './testing/errors.js'

describe('tensor', () => {
  test('is a view of its data', () => {
    const data = new Float32Array(12)
    expect(tensor([1, 2, 2, 3], data)).toEqual({ dtype: 'float32', shape: [1, 2, 2, 3], data })
    expect(tensor([12], data).data).toBe(data)
  })

  test('takes data of shared memory and of another realm', () => {
    expect(tensor([2], new Float32Array(new SharedArrayBuffer(8))).shape).toEqual([2])
    expect(tensor([2], runInNewContext('new Float32Array(2)')).shape).toEqual([2])
  })

  test('may be empty, or have a single element', () => {
    expect(tensor([0, 4], new Float32Array(0)).shape).toEqual([0, 4])
    expect(tensor([], new Float32Array(1)).shape).toEqual([])
  })

  test.each<[string, unknown, unknown, expected: string, found: string]>([
    ['too few elements', [2, 3], new Float32Array(5), '6 elements for its shape [2, 3]', '5'],
    ['too many elements', [2, 3], new Float32Array(7), '6 elements for its shape [2, 3]', '7'],
    ['negative sizes', [-2, -3], new Float32Array(6), 'a shape of whole numbers', '[-2, -3]'],
    ['fractions', [1.5, 4], new Float32Array(6), 'a shape of whole numbers', '[1.5, 4]'],
    ['sizes as text', ['2', 3], new Float32Array(6), 'a shape of whole numbers', "['2', 3]"],
    ['holes', new Array(2), new Float32Array(0), 'a shape of whole numbers', '[undefined, undefined]'],
    ['no shape', undefined, new Float32Array(6), 'a shape of whole numbers', 'undefined'],
    ['float64', [6], new Float64Array(6), 'its data in a Float32Array', 'Float64Array'],
    ['bytes', [6], new Uint8Array(6), 'its data in a Float32Array', 'Uint8Array'],
    ['a list', [2], [1, 2], 'its data in a Float32Array', 'Array'],
    ['nothing', [0], undefined, 'its data in a Float32Array', 'Undefined'],
  ])('refuses %s', (_what, shape, data, expected, found) => {
    expect(refusal(() => tensor(shape as Shape, data as Float32Array))).toMatchObject({
      name: 'ShapeError',
      subject: 'tensor',
      expected,
      found,
    })
  })
})

test('sizeOf counts elements', () => {
  expect([sizeOf([2, 3, 4]), sizeOf([5]), sizeOf([]), sizeOf([3, 0])]).toEqual([24, 5, 1, 0])
})
