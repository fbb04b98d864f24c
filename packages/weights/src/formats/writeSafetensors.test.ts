import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CheckpointError } from '../errors.js'
import { parseSafetensors } from './safetensors.js'
import { writeSafetensors } from './writeSafetensors.js'

/** Tensors of any names, shapes and bit patterns. */
const tensorMap = fc
  .uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 6 })
  .map((names) => names.filter((name) => name !== '__metadata__'))
  .chain((names) =>
    fc.tuple(fc.constant(names), fc.array(shaped(), { minLength: names.length, maxLength: names.length })),
  )
  .map(([names, tensors]) => new Map(names.map((name, index) => [name, tensors[index]!])))

function shaped() {
  return fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
    const length = shape.reduce((product, side) => product * side, 1)
    const bits = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: length, maxLength: length })
    return bits.map((patterns) => {
      const values = new Float32Array(Uint32Array.from(patterns).buffer)
      return { shape, read: () => values }
    })
  })
}

const bitsOf = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)]

describe('round trips', () => {
  test('in F32 keep every bit, the order and the metadata', () => {
    const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
      noNullPrototype: true,
    })
    fc.assert(
      fc.property(tensorMap, metadata, (tensors, metadata) => {
        const file = writeSafetensors(tensors, { metadata })
        const checkpoint = parseSafetensors(file)
        expect(checkpoint.metadata).toEqual(metadata)
        expect([...checkpoint.tensors.keys()]).toEqual([...tensors.keys()])
        for (const [name, { dtype, shape, read }] of checkpoint.tensors) {
          expect({ dtype, shape }).toEqual({ dtype: 'F32', shape: tensors.get(name)!.shape })
          expect(bitsOf(read())).toEqual(bitsOf(tensors.get(name)!.read()))
        }
        expect(writeSafetensors(checkpoint.tensors, { metadata })).toEqual(file)
      }),
    )
  })

  test.each(['F16', 'BF16'] as const)('in %s keep every bit of what %s can hold', (dtype) => {
    fc.assert(
      fc.property(tensorMap, (tensors) => {
        const once = parseSafetensors(writeSafetensors(tensors, { dtype }))
        const twice = parseSafetensors(writeSafetensors(once.tensors, { dtype }))
        for (const [name, tensor] of once.tensors) {
          expect(tensor.dtype).toBe(dtype)
          expect(bitsOf(twice.tensors.get(name)!.read())).toEqual(bitsOf(tensor.read()))
        }
      }),
    )
  })
})

describe('a file', () => {
  const values = Float32Array.of(1, -2, 65519, 65520)
  const tensors = new Map([
    ['10', { shape: [2, 2], read: () => values }],
    ['9', { shape: [], read: () => Float32Array.of(0.1) }],
  ])

  test('is, byte for byte, what the format says', () => {
    const file = writeSafetensors(tensors, { dtype: 'F16', metadata: { format: 'pt' } })
    const header =
      '{"__metadata__":{"format":"pt"},"10":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},' +
      '"9":{"dtype":"F16","shape":[],"data_offsets":[8,10]}}'
    const length = Math.ceil(header.length / 8) * 8
    expect([...file.subarray(0, 8)]).toEqual([length, 0, 0, 0, 0, 0, 0, 0])
    expect(new TextDecoder().decode(file.subarray(8, 8 + length))).toBe(header.padEnd(length))
    expect([...file.subarray(8 + length)]).toEqual([0, 0x3c, 0, 0xc0, 0xff, 0x7b, 0, 0x7c, 0x66, 0x2e])
  })

  test('begins its data at a multiple of eight, whatever the names', () => {
    for (let length = 0; length < 9; length++) {
      const file = writeSafetensors(new Map([['é'.repeat(length), { shape: [0], read: () => new Float32Array() }]]))
      expect(file.length % 8).toBe(0)
    }
  })

  test('is the smallest one when there are no tensors', () => {
    expect([...writeSafetensors(new Map())]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, 32, 32, 32, 32, 32, 32])
  })
})

describe('refuses', () => {
  const tensor = { shape: [2], read: () => Float32Array.of(1, 2) }

  test.each([
    ['the reserved name', '__metadata__', tensor, /expected another name/],
    ['half a surrogate pair', '\ud83d', tensor, /expected text of whole characters/],
    [
      'other than whole sizes',
      'a',
      { ...tensor, shape: [0.5, 4] },
      /expected a shape of whole numbers, found \[0.5, 4\]/,
    ],
    ['negative sizes', 'a', { ...tensor, shape: [-1, -2] }, /expected a shape of whole numbers/],
    ['fewer values than the shape has', 'a', { ...tensor, shape: [3] }, /expected 3 values for \[3\], found 2/],
  ])('%s', (_, name, wrong, message) => {
    const write = () => writeSafetensors(new Map([[name, wrong]]))
    expect(write).toThrow(CheckpointError)
    expect(write).toThrow(message)
  })

  test('other types, and metadata other than text', () => {
    const wrong = (options: object) => () => writeSafetensors(new Map(), options)
    expect(wrong({ dtype: 'I8' })).toThrow("option dtype: expected 'F32', 'F16' or 'BF16', found 'I8'.")
    expect(wrong({ dtype: 'constructor' })).toThrow(CheckpointError)
    expect(wrong({ metadata: { epoch: 3 } })).toThrow("metadata 'epoch': expected text, found number.")
    expect(wrong({ metadata: { note: '\udc00' } })).toThrow(/whole characters/)
  })
})
