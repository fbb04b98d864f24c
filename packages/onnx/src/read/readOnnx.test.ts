import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { goldenTensor } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import type { OnnxTensor } from '../model.js'
import { fixture } from '../testing/fixtures.js'
import { refusal } from '../testing/refusal.js'
import { readOnnx } from './readOnnx.js'

describe('a file of the onnx package', () => {
  const bytes = fixture('storages')
  const { graph, ...model } = readOnnx(bytes)
  const tensors = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]))
  const tensor = (name: string) => tensors.get(name) as OnnxTensor

  test('says what it is', () => {
    expect(model).toEqual({
      irVersion: 8,
      producerName: 'onnx',
      opsets: new Map([
        ['', 17],
        ['org.example', 2],
      ]),
      metadata: new Map([
        ['labels', '["a", "b"]'],
        ['leer', ''],
      ]),
    })
  })

  test('has inputs and outputs', () => {
    expect(graph).toMatchObject({
      name: 'storages',
      inputs: [
        { name: 'x', dtype: 'float32', shape: ['batch', 3, null] },
        { name: 'scalar', dtype: 'float32', shape: [] },
      ],
      outputs: [{ name: 'z', dtype: 'float32', shape: undefined }],
    })
  })

  test('has nodes with attributes of every kind', () => {
    const [condition, other] = graph.nodes
    expect(condition).toMatchObject({ name: 'if', opType: 'If', domain: '', inputs: ['bool.raw'], outputs: ['y'] })
    expect(condition.attributes.get('then_branch')).toMatchObject({
      type: 'graph',
      value: { name: 'branch', nodes: [{ opType: 'Identity' }], outputs: [{ name: 'then', shape: [null] }] },
    })
    expect(other).toMatchObject({ opType: 'Unknown', domain: 'org.example', inputs: ['y', '', 'x'] })
    const { t, ...plain } = Object.fromEntries(other.attributes)
    expect(plain).toEqual({
      f: { type: 'float', value: 0.5 },
      i: { type: 'int', value: -7 },
      s: { type: 'string', value: 'text' },
      floats: { type: 'floats', value: [0.25, -4] },
      ints: { type: 'ints', value: [1, -1, 2n ** 63n - 1n] },
      strings: { type: 'strings', value: ['a', 'b'] },
    })
    expect((t.value as OnnxTensor).read()).toEqual(Float32Array.of(1.5))
  })

  const floats = [0, 1, -2, 0.5, -0.375, 65280]
  const signed = [0, 1, -2, 100, -3, 127]
  const unsigned = [0, 1, 2, 100, 3, 127]
  test.each([
    ['float32', floats, 4],
    ['float64', floats, 8],
    ['float16', floats, 2],
    ['bfloat16', floats, 2],
    ['int64', signed, 8],
    ['int32', signed, 4],
    ['int16', signed, 2],
    ['int8', signed, 1],
    ['uint64', unsigned, 8],
    ['uint32', unsigned, 4],
    ['uint16', unsigned, 2],
    ['uint8', unsigned, 1],
    ['bool', [0, 1, 1, 0, 1, 0], 1],
  ])('has %s, stored as numbers and as bytes', (dtype, values, size) => {
    const [list, raw] = [tensor(`${dtype}.list`), tensor(`${dtype}.raw`)]
    expect(list).toMatchObject({ dtype, shape: [2, 3] })
    expect(list.read()).toEqual(Float32Array.from(values))
    expect(raw.read()).toEqual(Float32Array.from(values))
    expect(list.bytes()).toEqual(raw.bytes())
    expect(raw.bytes().length).toBe(6 * size)
    expect(raw.bytes().buffer).toBe(bytes.buffer)
  })

  test('has scalars, and tensors without elements', () => {
    expect(tensor('scalar')).toMatchObject({ shape: [] })
    expect(tensor('scalar').read()).toEqual(Float32Array.of(3.25))
    expect(tensor('empty')).toMatchObject({ shape: [0, 4] })
    expect(tensor('empty').read()).toEqual(new Float32Array())
  })

  test('lists tensors that are no numbers, and does not read them', () => {
    expect(tensor('text')).toMatchObject({ dtype: 'string', shape: [2] })
    expect(refusal(() => tensor('text').read())).toMatchObject({
      name: 'OnnxError',
      subject: "tensor 'text'",
      found: 'string',
    })
  })
})

test('a tensor whose elements are in another file is listed, and not read', () => {
  const [elsewhere, here] = readOnnx(fixture('external')).graph.initializers
  expect(elsewhere).toMatchObject({ name: 'elsewhere', dtype: 'float32', shape: [2] })
  for (const read of [elsewhere.read, elsewhere.bytes]) {
    expect(refusal(read)).toMatchObject({
      name: 'OnnxError',
      subject: "tensor 'elsewhere'",
      found: "that they are in another, 'weights.bin'",
    })
  }
  expect(here.read()).toEqual(Float32Array.of(1))
})

describe('a file of PyTorch', () => {
  const { graph } = readOnnx(fixture('torch'))

  test('has the weights of the network under their names', () => {
    const weights = graph.initializers.filter(({ name }) => /^(conv|bn|fc)/.test(name))
    expect(weights).toHaveLength(12)
    for (const { name, shape, read } of weights) expect(read(), name).toEqual(goldenTensor(name, shape))
  })

  test('has its nodes', () => {
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(
      'Conv BatchNormalization Relu Conv BatchNormalization Add Relu ReduceMean Gemm'.split(' '),
    )
    expect(graph.nodes[0].attributes.get('strides')).toEqual({ type: 'ints', value: [2, 2] })
  })

  test('has batch norms folded into the convolutions, if it was told to', () => {
    const folded = readOnnx(fixture('torch-folded')).graph
    expect(folded.nodes.map(({ opType }) => opType)).toEqual('Conv Relu Conv Add Relu ReduceMean Gemm'.split(' '))
  })
})

test('wherever a file begins in memory, the same is read', () => {
  const bytes = fixture('torch')
  const shifted = Buffer.alloc(bytes.length + 3)
  shifted.set(bytes, 3)
  const values = (file: Uint8Array) => readOnnx(file).graph.initializers.map(({ read }) => read())
  expect(values(shifted.subarray(3))).toEqual(values(bytes))
})

describe('what is no whole model is an OnnxError', () => {
  const file = (write: (writer: BinaryWriter) => void) => {
    const writer = new BinaryWriter()
    write(writer)
    return writer.finish()
  }
  /** A message within messages: the fields that lead to it, from the outermost. */
  const nested = (fields: readonly number[], inner: Uint8Array): Uint8Array =>
    fields.reduceRight((bytes, field) => file((w) => w.tag(field, WireType.LengthDelimited).bytes(bytes)), inner)
  const inTensor = (write: (writer: BinaryWriter) => void) => nested([7, 5], file(write))
  const float = (writer: BinaryWriter) => writer.tag(2, WireType.Varint).int32(1)

  test('a file that is cut off anywhere', () => {
    const bytes = fixture('torch')
    let whole = 0
    for (let end = 0; end < bytes.length; end++) {
      // Between two fields a message may end, and once the graph is there, the model is one.
      try {
        readOnnx(bytes.subarray(0, end))
        whole++
      } catch (error) {
        expect(error).toMatchObject({ name: 'OnnxError' })
      }
    }
    expect(whole).toBeLessThanOrEqual(1)
  })

  const bomb = file((w) => {
    for (let count = 0; count < 1_000_000; count++) w.tag(1, WireType.LengthDelimited).uint32(0)
  })
  const deepGroups = new Uint8Array(5_000_000).fill((99 << 3) | WireType.StartGroup)
  const deepGraphs = Array.from({ length: 20 }, () => [1, 5, 6]).flat()
  test.each<[string, Uint8Array, found: string | RegExp]>([
    ['an empty file', new Uint8Array(), 'an empty file'],
    ['no graph', file((w) => w.tag(1, WireType.Varint).int64(8)), 'no graph'],
    ['text', new TextEncoder().encode('{"model": "resnet"}'), /./],
    ['a field that ends beyond the file', file((w) => w.tag(7, WireType.LengthDelimited).uint32(100)), 'premature EOF'],
    ['groups within groups', deepGroups, /recursion|tag/],
    ['graphs within graphs', nested([7, ...deepGraphs], new Uint8Array()), 'more'],
    ['a million nodes', nested([7], bomb), 'more than can be read safely'],
    ['sparse initialisers', nested([7, 15], new Uint8Array()), 'sparse ones'],
    ['a negative size', inTensor((w) => float(w).tag(1, WireType.Varint).int64(-1)), 'the size -1'],
    [
      'a huge size',
      inTensor((w) =>
        float(w)
          .tag(1, WireType.Varint)
          .int64(2n ** 62n),
      ),
      /^the size/,
    ],
    [
      'a tensor without its elements',
      inTensor((w) =>
        float(w)
          .tag(1, WireType.Varint)
          .int64(2 ** 40),
      ),
      '0',
    ],
    [
      'too few elements',
      inTensor((w) =>
        float(w).tag(1, WireType.Varint).int64(2).tag(9, WireType.LengthDelimited).bytes(Uint8Array.of(1)),
      ),
      '1',
    ],
    [
      'a number that is cut off',
      inTensor((w) =>
        w
          .tag(2, WireType.Varint)
          .int32(7)
          .tag(1, WireType.Varint)
          .int64(1)
          .tag(7, WireType.LengthDelimited)
          .bytes(Uint8Array.of(1, 0x80)),
      ),
      'a number that is cut off',
    ],
  ])('%s', (_what, bytes, found) => {
    // This process's own time, in microseconds: others may hold the machine up.
    const started = process.cpuUsage()
    const refused = refusal(() => readOnnx(bytes))
    expect(process.cpuUsage(started).user).toBeLessThan(1e6)
    expect(refused.name).toBe('OnnxError')
    expect(refused.found).toMatch(found)
  })

  test('names are shown without what would spoil a line, and cut', () => {
    const name = `a\n\u202e${'b'.repeat(500)}`
    const bytes = inTensor((w) =>
      float(w).tag(1, WireType.Varint).int64(1).tag(8, WireType.LengthDelimited).string(name),
    )
    const { subject } = refusal(() => readOnnx(bytes))
    expect(subject).toBe(`tensor 'a\\u{a}\\u{202e}${'b'.repeat(117)}…'`)
  })
})
