import { describe, expect, test, vi } from 'vitest'
import { onnxTensor } from '../export/tensors.js'
import type { OnnxModel, OnnxTensor } from '../model.js'
import { readOnnx } from '../read/readOnnx.js'
import { fixture } from '../testing/fixtures.js'
import { refusal } from '../testing/refusal.js'
import { streamOnnx, writeOnnx } from './writeOnnx.js'

function modelOf(initializers: readonly OnnxTensor[]): OnnxModel {
  return {
    irVersion: 8,
    producerName: 'test',
    opsets: new Map([['', 17]]),
    graph: { name: 'graph', nodes: [], initializers, inputs: [], outputs: [] },
    metadata: new Map(),
  }
}

const ones = (name: string, size: number) =>
  onnxTensor(name, { shape: [size], read: () => new Float32Array(size).fill(1) })

/** A model as data that can be compared. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part) => {
      if (part instanceof Map) return [...part]
      if (typeof part === 'bigint') return `${part}n`
      if (typeof part?.bytes === 'function') return { ...part, elements: [...part.bytes()] }
      return part
    }),
  )
}

describe('what was read is written as it was', () => {
  test.each(['storages', 'torch', 'torch-folded'] as const)('%s', (name) => {
    const model = readOnnx(fixture(name))
    const numbers = model.graph.initializers.filter(({ dtype }) => dtype !== 'string')
    const written = { ...model, graph: { ...model.graph, initializers: numbers } }
    expect(plain(readOnnx(writeOnnx(written)))).toEqual(plain(written))
  })
})

test('the same model gives the same bytes, in one piece or in many', () => {
  const model = modelOf([ones('a', 3), ones('b', 1000)])
  const file = writeOnnx(model)
  expect(writeOnnx(model)).toEqual(file)
  const { byteLength, chunks } = streamOnnx(model)
  expect(byteLength).toBe(file.length)
  expect(Buffer.concat([...chunks])).toEqual(Buffer.from(file))
})

test('elements are aligned, so that they are views of the file', () => {
  for (const size of [1, 30, 4000, 600_000]) {
    const names = Array.from({ length: 9 }, (_, length) => 'n'.repeat(length))
    const file = writeOnnx(modelOf(names.map((name) => ones(name, size + name.length))))
    for (const { name, read } of readOnnx(file).graph.initializers) {
      expect(read().buffer).toBe(file.buffer)
      expect(read()).toHaveLength(size + name.length)
      expect(read().every((value) => value === 1)).toBe(true)
    }
  }
})

test('the length of the graph has room on either side of what one byte more can tell', () => {
  for (let size = 0; size < 200; size++) {
    const file = writeOnnx(modelOf([onnxTensor('w'.repeat(size), { shape: [1], read: () => Float32Array.of(7) })]))
    expect([...readOnnx(file).graph.initializers[0].read()]).toEqual([7])
  }
})

test('tensors are read one by one, each once, when they are written', () => {
  const reads = vi.fn((name: string) => new Float32Array(name.length))
  const tensors = ['a', 'bb', 'ccc'].map((name) => onnxTensor(name, { shape: [name.length], read: () => reads(name) }))
  const { chunks } = streamOnnx(modelOf(tensors))
  expect(reads).not.toHaveBeenCalled()
  const counts = Array.from(chunks, () => reads.mock.calls.length)
  expect([...new Set(counts)]).toEqual([0, 1, 2, 3])
  expect(reads.mock.calls.flat()).toEqual(['a', 'bb', 'ccc'])
})

describe('it refuses', () => {
  test('what is larger than the format allows, before anything is allocated', () => {
    const huge = onnxTensor('huge', { shape: [2 ** 29], read: () => expect.unreachable() })
    expect(refusal(() => writeOnnx(modelOf([huge])))).toMatchObject({
      name: 'OnnxError',
      subject: 'ONNX file',
      found: '2147483648 bytes',
    })
    expect(refusal(() => writeOnnx(modelOf([{ ...huge, shape: [2 ** 50] }]))).name).toBe('OnnxError')
  })

  test('tensors that have not the elements of their shape', () => {
    const short = onnxTensor('short', { shape: [2, 3], read: () => new Float32Array(5) })
    expect(refusal(() => writeOnnx(modelOf([short])))).toMatchObject({
      name: 'OnnxError',
      subject: "tensor 'short'",
      expected: '24 bytes for its shape [2, 3]',
      found: '20',
    })
  })

  test('tensors that are no numbers', () => {
    const text = readOnnx(fixture('storages')).graph.initializers.filter(({ dtype }) => dtype === 'string')
    expect(refusal(() => writeOnnx(modelOf(text)))).toMatchObject({ name: 'OnnxError', subject: "tensor 'text'" })
  })
})
