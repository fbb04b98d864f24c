import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { goldenInput, goldenParams, goldenTensor, toNHWC } from './index.js'

/** Of the little-endian float32 values, its first 16 digits. */
function sha256(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4)
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

describe('goldenTensor', () => {
  // From golden_values.py: hashlib.sha256(golden_tensor(key, shape).numpy().astype('<f4').tobytes())
  it.each([
    ['input', [1, 3, 64, 64], 1.9214404821395874, '518ecc4cc87844af'],
    ['layer1.0.conv1.weight', [64, 64, 1, 1], 0.01654771901667118, '42d0e29bd475a783'],
    ['fc.weight', [1000, 512], -0.05205046385526657, 'ad072637c77b79f8'],
    ['bn1.weight', [64], 0.7136114239692688, '5e3089ac8cfc087f'],
    ['bn1.bias', [64], -0.12614604830741882, 'fc75a2938004fbb0'],
    ['bn1.running_mean', [64], 0.19784599542617798, 'f3366c850f9c1be4'],
    ['bn1.running_var', [64], 0.6568080186843872, 'eb84ab201ae1f0ab'],
    ['größe', [7], 0.8291367888450623, 'b0683fd0e049f8c1'],
    ['layer1.0.se.conv.weight', [1, 1, 5], -0.24415403604507446, '0b168b19fd95d0b7'],
  ])('%s is bit for bit what Python makes', (key, shape, first, hash) => {
    const values = goldenTensor(key, shape)
    expect(values[0]).toBe(first)
    expect(sha256(values)).toBe(hash)
  })

  it('is zero for num_batches_tracked', () => {
    expect(goldenTensor('bn1.num_batches_tracked', [])).toEqual(new Float32Array(1))
  })
})

describe('goldenInput', () => {
  it('moves what PyTorch sees to NHWC', () => {
    const pytorch = goldenTensor('photo', [2, 3, 4, 5])
    const { shape, data } = goldenInput([2, 3, 4, 5], 'photo')
    expect(shape).toEqual([2, 4, 5, 3])
    const [n, h, w, c] = [1, 2, 4, 1]
    expect(data[((n * 4 + h) * 5 + w) * 3 + c]).toBe(pytorch[((n * 3 + c) * 4 + h) * 5 + w])
    expect(Float32Array.from(data).sort()).toEqual(Float32Array.from(pytorch).sort())
  })

  it('leaves vectors as they are', () => {
    const data = Float32Array.of(1, 2)
    expect(toNHWC([1, 2], data)).toEqual({ shape: [1, 2], data })
  })
})

describe('goldenParams', () => {
  it('makes each parameter when it is read', () => {
    const params = goldenParams([
      ['fc.weight', [2, 3]],
      ['fc.bias', [2]],
    ])
    expect([...params.keys()]).toEqual(['fc.weight', 'fc.bias'])
    expect(params.get('fc.weight')?.shape).toEqual([2, 3])
    expect(params.get('fc.weight')?.read()).toEqual(goldenTensor('fc.weight', [2, 3]))
  })
})
