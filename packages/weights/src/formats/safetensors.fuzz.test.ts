import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckpointError } from '../errors.js'
import { parseSafetensors } from './safetensors.js'
import { writeSafetensors } from './writeSafetensors.js'

/** How many files each test tries: 100,000 and more with `RESNET_TS_FUZZ=100000 pnpm test fuzz`. */
const numRuns = Number(process.env.RESNET_TS_FUZZ ?? 2500)
const timeout = 60_000 + numRuns

/** Reads all there is, and fails on anything but a typed error; tells whether the file was accepted. */
function survives(bytes: Uint8Array): boolean {
  const started = performance.now()
  try {
    const { tensors } = parseSafetensors(bytes)
    let size = 0
    for (const { dtype, shape, read } of tensors.values()) {
      if (!['F32', 'F16', 'BF16'].includes(dtype)) continue
      const values = read()
      expect(values.length).toBe(shape.reduce((product, side) => product * side, 1))
      size += values.length * (dtype === 'F32' ? 4 : 2)
    }
    expect(size).toBeLessThanOrEqual(bytes.length)
    return true
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error
    expect(error.message.length).toBeLessThan(1000)
    expect(error.message).not.toMatch(/\p{Cc}/u)
    return false
  } finally {
    expect(performance.now() - started).toBeLessThan(1000)
  }
}

function sample(): Uint8Array {
  const tensors = ['conv1.weight', 'bn1.weight', 'bn1.bias', 'fc.weight'].map((name, index) => {
    const values = new Float32Array(6).map((_, place) => place - index)
    return [name, { shape: [2, 3], read: () => values }] as const
  })
  return writeSafetensors(new Map(tensors), { metadata: { format: 'pt' } })
}

const anywhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** One change to a file: a byte, a piece put in, taken out or doubled, its end, its announced length. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: anywhere, byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: anywhere,
    text: fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '9',
      '-1',
      '1e9',
      '\u0000',
      '"a":',
      '{}',
      'F16',
    ),
  }),
  fc.record({ kind: fc.constant('remove' as const), at: anywhere, count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('double' as const), at: anywhere, count: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: anywhere }),
  fc.record({ kind: fc.constant('length' as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
)
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  if (change.kind === 'length') {
    const changed = bytes.slice()
    if (changed.length >= 8) new DataView(changed.buffer).setBigUint64(0, change.value, true)
    return changed
  }
  const at = Math.floor(change.at * bytes.length)
  const before = bytes.subarray(0, at)
  switch (change.kind) {
    case 'set':
      return Uint8Array.of(...before, change.byte, ...bytes.subarray(at + 1))
    case 'insert':
      return fixLength(bytes, Uint8Array.of(...before, ...new TextEncoder().encode(change.text), ...bytes.subarray(at)))
    case 'remove':
      return fixLength(bytes, Uint8Array.of(...before, ...bytes.subarray(at + change.count)))
    case 'double':
      return Uint8Array.of(...bytes.subarray(0, at + change.count), ...bytes.subarray(at))
    case 'cut':
      return before.slice()
  }
}

/** Announces a header as much longer as the file became, so that what was put into a header stays in it. */
function fixLength(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.length < 8 || after.length < 8) return after
  const announced = new DataView(before.buffer, before.byteOffset).getBigUint64(0, true)
  const length = BigInt.asUintN(64, announced + BigInt(after.length - before.length))
  new DataView(after.buffer).setBigUint64(0, length, true)
  return after
}

test(`mutated files give tensors or a typed error (${numRuns} files)`, { timeout }, () => {
  const whole = sample()
  let refused = 0
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (changes) => {
      if (!survives(changes.reduce(mutate, whole))) refused++
    }),
    { numRuns },
  )
  expect(refused).toBeGreaterThan(numRuns / 2)
})

/** Headers of the right kind, whose numbers and names are anything. */
const number = fc.oneof(fc.nat(64), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300))
const entry = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'F4', 'BOOL', 'F99'), fc.jsonValue()),
    shape: fc.oneof(fc.array(number, { maxLength: 5 }), fc.jsonValue()),
    data_offsets: fc.oneof(fc.tuple(fc.nat(64), fc.nat(64)), fc.array(number), fc.jsonValue()),
  },
  { requiredKeys: [] },
)
const name = fc.oneof(
  fc.constantFrom('a', '__proto__', '__metadata__', 'constructor', ''),
  fc.string({ unit: 'binary' }),
)
const header = fc.oneof(fc.dictionary(name, fc.oneof({ arbitrary: entry, weight: 9 }, fc.jsonValue())), fc.jsonValue())

test(`invented headers give tensors or a typed error (${numRuns} files)`, { timeout }, () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 128 }), (invented, data) => {
      const text = new TextEncoder().encode(JSON.stringify(invented))
      const bytes = new Uint8Array(8 + text.length + data.length)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
      bytes.set(text, 8)
      bytes.set(data, 8 + text.length)
      survives(bytes)
    }),
    { numRuns },
  )
})

test('what JSON.parse takes for a header is read as JSON.parse reads it', () => {
  const value = fc.record({ dtype: fc.constant('U8'), shape: fc.constant([0]), data_offsets: fc.constant([0, 0]) })
  const spaced = fc.dictionary(fc.string({ unit: 'grapheme' }), value, { noNullPrototype: true })
  fc.assert(
    fc.property(spaced, fc.constantFrom(undefined, 1, '\t'), (invented, indent) => {
      const json = JSON.stringify(invented, null, indent)
      const text = new TextEncoder().encode(json)
      const bytes = new Uint8Array(8 + text.length)
      new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
      bytes.set(text, 8)
      expect(new Set(parseSafetensors(bytes).tensors.keys())).toEqual(new Set(Object.keys(JSON.parse(json))))
    }),
    { numRuns: 300 },
  )
})
