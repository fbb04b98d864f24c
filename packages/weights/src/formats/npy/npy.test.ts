import { goldenTensor } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../../errors.js'
import { readCheckpoint } from '../../readCheckpoint.js'
import { bitsOf, expectTiny, fixture, tinyShapes } from '../../testing/fixtures.js'
import { writeSafetensors } from '../writeSafetensors.js'
import { parseNpy } from './parseNpy.js'
import { writeNpz } from './writeNpz.js'

const values = goldenTensor('values', [2, 3, 4])

describe('reads', () => {
  test.each(['tiny.npz', 'tiny-compressed.npz'])('%s', async (name) => {
    const checkpoint = await readCheckpoint(fixture(name))
    expect(checkpoint.format).toBe('npz')
    expect([...checkpoint.tensors.keys()]).toEqual([...tinyShapes.keys()])
    expectTiny(checkpoint)
  })

  test('a single array', async () => {
    const { tensors, format } = await readCheckpoint(fixture('values.npy'))
    expect(format).toBe('npy')
    expect(tensors.get('array')).toMatchObject({ dtype: 'F32', shape: [2, 3, 4] })
    expect(tensors.get('array')!.read()).toEqual(values)
  })

  test('every floating-point type, and Fortran’s order', async () => {
    const { tensors } = await readCheckpoint(fixture('types.npz'))
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['fortran', 'F32', [2, 3, 4]],
      ['f2', 'F16', [2, 3, 4]],
      ['f8', 'F64', [2, 3, 4]],
      ['i4', 'I32', [3]],
      ['scalar', 'F32', []],
      ['empty', 'F32', [0, 3]],
    ])
    expect(tensors.get('fortran')!.read()).toEqual(values)
    expect(tensors.get('f8')!.read()).toEqual(values)
    expect(tensors.get('scalar')!.read()).toEqual(Float32Array.of(1.5))
    expect(() => tensors.get('i4')!.read()).toThrow(CheckpointError)
    const halves = tensors.get('f2')!.read()
    for (const [index, half] of halves.entries()) expect(Math.abs(half - values[index]!)).toBeLessThan(2 ** -10)
  })
})

describe('refuses', () => {
  test.each([
    ['big-endian.npy', "expected little-endian numbers, found big-endian ones; save it again as array.astype('<f4')."],
    ['structured.npy', 'expected an array of numbers, found a structured one.'],
    ['objects.npy', 'expected an array of numbers, found one of Python objects; save its numbers alone'],
    ['text.npy', "found '<U1'; save it again as array.astype('float32')."],
  ])('%s', async (name, message) => {
    await expect(readCheckpoint(fixture(name))).rejects.toThrow(message)
    await expect(readCheckpoint(fixture(name))).rejects.toThrow(CheckpointError)
  })

  test.each([
    ['a version to come', 6, 9, 'expected version 1, 2 or 3, found 9.'],
    ['a header beyond the file', 9, 2, 'expected 630 more bytes at byte 10, found 214 up to the end'],
    ['a header of 64 KB', 9, 255, 'expected a header of at most 10000 bytes, found 65398.'],
  ])('%s', (_, at, byte, message) => {
    const bytes = fixture('values.npy')
    bytes[at] = byte
    expect(() => parseNpy(bytes)).toThrow(message)
  })

  test('every file that was cut short, or has a byte too many', () => {
    const bytes = fixture('values.npy')
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseNpy(bytes.subarray(0, length))).toThrow(CheckpointError)
    }
    expect(() => parseNpy(Uint8Array.of(...bytes, 0))).toThrow('96 bytes of F32 [2, 3, 4], found 97 after the header')
  })

  test.each([
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    '',
  ])('the header %s', (header) => {
    const bytes = new Uint8Array(
      Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1'),
    )
    expect(() => parseNpy(bytes)).toThrow("expected a header of 'descr', 'fortran_order' and 'shape'")
  })
})

describe('round trips', () => {
  test('safetensors → npz → safetensors keep every bit', async () => {
    const { tensors } = await readCheckpoint(fixture('tiny.npz'))
    const safetensors = writeSafetensors(tensors)
    const npz = writeNpz((await readCheckpoint(safetensors)).tensors)
    const again = await readCheckpoint(npz)
    expect(writeSafetensors(again.tensors)).toEqual(safetensors)
    for (const { read } of again.tensors.values()) expect(read().buffer).toBe(npz.buffer)
  })

  test('odd shapes, names and bit patterns', async () => {
    const odd = Float32Array.of(-0, Number.NaN, Number.POSITIVE_INFINITY, 1e-45, 3.4e38, 0)
    const tensors = new Map([
      ['é/a.b', { shape: [3, 2], read: () => odd }],
      ['scalar', { shape: [], read: () => odd.subarray(0, 1) }],
      ['empty', { shape: [0, 4], read: () => new Float32Array() }],
      ['one', { shape: [6], read: () => odd }],
    ])
    const again = await readCheckpoint(writeNpz(tensors))
    expect([...again.tensors].map(([name, { shape }]) => [name, shape])).toEqual(
      [...tensors].map(([name, { shape }]) => [name, shape]),
    )
    for (const [name, { read }] of again.tensors) expect(bitsOf(read())).toEqual(bitsOf(tensors.get(name)!.read()))
  })

  test('refuse to write what a shape does not promise', () => {
    const wrong = new Map([['a', { shape: [3], read: () => Float32Array.of(1) }]])
    expect(() => writeNpz(wrong)).toThrow("tensor 'a': expected 3 values for [3], found 1.")
  })
})
