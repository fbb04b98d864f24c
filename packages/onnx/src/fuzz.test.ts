import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OnnxError } from './errors.js'
import { onnxTensor } from './export/tensors.js'
import type { OnnxGraph, OnnxTensor } from './model.js'
import { readOnnx } from './read/readOnnx.js'
import { fixture } from './testing/fixtures.js'
import { writeOnnx } from './write/writeOnnx.js'

/** How many files each test tries: 100,000 and more with `RESNET_TS_FUZZ=100000 pnpm test fuzz`. */
const numRuns = Number(process.env.RESNET_TS_FUZZ ?? 1000)
const timeout = 60_000 + 5 * numRuns

/** Reads all there is, and fails on anything but a typed error; tells whether the file was accepted. */
function survives(bytes: Uint8Array): boolean {
  const started = performance.now()
  try {
    const { graph } = readOnnx(bytes)
    for (const tensor of tensorsOf(graph)) readTensor(tensor, bytes.length)
    return true
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error
    expect(error.message.length).toBeLessThan(1000)
    expect(error.message).not.toMatch(/\p{Cc}/u)
    return false
  } finally {
    expect(performance.now() - started).toBeLessThan(1000)
  }
}

function readTensor({ shape, read }: OnnxTensor, fileSize: number): void {
  try {
    const values = read()
    expect(values.length).toBe(shape.reduce((product, size) => product * size, 1))
    // An element takes at least a byte of the file.
    expect(values.length).toBeLessThanOrEqual(fileSize)
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error
  }
}

function tensorsOf({ initializers, nodes }: OnnxGraph): OnnxTensor[] {
  const inner = nodes.flatMap(({ attributes }) => {
    return [...attributes.values()].flatMap(({ type, value }) => {
      if (type === 'tensor') return [value]
      if (type === 'tensors') return value
      if (type === 'graph') return tensorsOf(value)
      return type === 'graphs' ? value.flatMap(tensorsOf) : []
    })
  })
  return [...initializers, ...inner]
}

function ours(): Uint8Array {
  const tensors = ['conv1.weight', 'fc.bias'].map((name, index) =>
    onnxTensor(name, { shape: [2, 3], read: () => new Float32Array(6).fill(index) }, index ? 'float16' : 'float32'),
  )
  const info = { name: 'image', dtype: 'float32' as const, shape: ['batch', 3, null] }
  return writeOnnx({
    irVersion: 8,
    producerName: 'fuzz',
    opsets: new Map([['', 17]]),
    graph: { name: 'g', nodes: [], initializers: tensors, inputs: [info], outputs: [info] },
    metadata: new Map([['labels', '["a"]']]),
  })
}

const anywhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** One change to a file: a byte, a varint that lies, a piece taken out or doubled, its end. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: anywhere, byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('flip' as const), at: anywhere, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: anywhere,
    bytes: fc.oneof(
      fc.constantFrom(
        [0xff, 0xff, 0xff, 0xff, 0x0f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        [0x80],
      ),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 }),
    ),
  }),
  fc.record({ kind: fc.constant('remove' as const), at: anywhere, count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('double' as const), at: anywhere, count: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: anywhere }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.at * bytes.length)
  const before = bytes.subarray(0, at)
  switch (change.kind) {
    case 'set':
      return Uint8Array.of(...before, change.byte, ...bytes.subarray(at + 1))
    case 'flip':
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << change.bit) : byte))
    case 'insert':
      return Uint8Array.of(...before, ...change.bytes, ...bytes.subarray(at))
    case 'remove':
      return Uint8Array.of(...before, ...bytes.subarray(at + change.count))
    case 'double':
      return Uint8Array.of(...bytes.subarray(0, at + change.count), ...bytes.subarray(at))
    case 'cut':
      return before.slice()
  }
}

const files = {
  storages: fixture('storages'),
  torch: fixture('torch-folded'),
  ours: ours(),
}

describe(`mutated files give a model or a typed error (${numRuns} files each)`, () => {
  test.each(Object.entries(files))('%s', { timeout }, (_name, whole) => {
    let refused = 0
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (changes) => {
        if (!survives(changes.reduce(mutate, whole))) refused++
      }),
      { numRuns },
    )
    expect(refused).toBeGreaterThan(numRuns / 10)
  })
})

/** Fields of the numbers and wire types that ONNX has, whose contents are anything, or fields again. */
const { field } = fc.letrec<{ field: number[]; fields: number[] }>((tie) => ({
  field: fc
    .tuple(
      fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 22),
      fc.oneof(
        fc.record({ wire: fc.constant(0), content: fc.constantFrom([0], [1], [7], [16], [0xff, 0xff, 0x03]) }),
        fc.record({ wire: fc.constant(2), content: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 }) }),
        fc.record({ wire: fc.constant(2), content: tie('fields') }),
        fc.record({
          wire: fc.constant(5),
          content: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
        }),
      ),
    )
    .map(([number, { wire, content }]) => {
      const tag = (number << 3) | wire
      const head = tag < 128 ? [tag] : [(tag & 127) | 128, tag >>> 7]
      return wire === 2 ? [...head, ...lengthOf(content), ...content] : [...head, ...content]
    }),
  fields: fc.array(tie('field'), { maxLength: 5 }).map((list) => list.flat()),
}))

function lengthOf({ length }: readonly number[]): number[] {
  return length < 128 ? [length] : [(length & 127) | 128, length >>> 7]
}

test(`invented messages give a model or a typed error (${numRuns} files)`, { timeout }, () => {
  let accepted = 0
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), (list) => {
      const graph = list.flat()
      // Field 7 of a model is its graph.
      if (survives(Uint8Array.of((7 << 3) | 2, ...lengthOf(graph), ...graph))) accepted++
    }),
    { numRuns },
  )
  expect(accepted).toBeGreaterThan(0)
})

test(`anything at all gives a model or a typed error (${numRuns} files)`, { timeout }, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      survives(bytes)
    }),
    { numRuns },
  )
})
