import { goldenTensor } from '@resnet-ts/golden'
import { GraphBuilder } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { bind } from '../bind.js'
import { CheckpointError } from '../errors.js'
import { arranged } from '../names/index.js'
import { readCheckpoint } from '../readCheckpoint.js'
import { bitsOf, fixture, fixtureUrl } from '../testing/fixtures.js'
import { parseTfjs } from './tfjs.js'

const shards = [1, 2, 3].map((index) => `group1-shard${index}of3.bin`)

test('reads a layers model that tfjs saved, from its path and from its files', async () => {
  const files = ['model.json', ...shards].map((name) => new File([fixture(`tfjs-layers/${name}`)], name))
  for (const source of [fixtureUrl('tfjs-layers/model.json'), files, new Map(files.map((file) => [file.name, file]))]) {
    const { format, tensors } = await readCheckpoint(source)
    expect(format).toBe('tfjs')
    const kernel = arranged(tensors.get('conv1/kernel')!, { axes: [3, 2, 0, 1], shape: [4, 3, 3, 3] })
    expect(bitsOf(kernel.read())).toEqual(bitsOf(goldenTensor('conv1.weight', [4, 3, 3, 3])))
    const dense = arranged(tensors.get('fc/kernel')!, { axes: [1, 0], shape: [5, 4] })
    expect(bitsOf(dense.read())).toEqual(bitsOf(goldenTensor('fc.weight', [5, 4])))
    const variance = tensors.get('bn1/moving_variance')!.read()
    expect(bitsOf(variance)).toEqual(bitsOf(goldenTensor('bn1.running_var', [4])))
  }
})

test('tells a graph model, whose names nobody knows, when it does not fit', async () => {
  const checkpoint = await readCheckpoint(fixtureUrl('tfjs-graph/model.json'))
  expect(checkpoint.metadata).toMatchObject({ format: 'graph-model' })
  const g = new GraphBuilder('tiny')
  const x = g.conv2d(g.input('image', { channels: 3 }), { name: 'conv', channels: 4, kernel: 3 })
  g.output('y', g.batchNorm(x, { name: 'norm' }))
  expect(() => bind(g.build(), checkpoint)).toThrow(
    /names of a graph model are not known: take the \.h5, \.keras or layers model that it was made of/,
  )
})

test('reads quantised weights as tfjs does, and passes texts over', async () => {
  const { tensors } = await readCheckpoint(fixtureUrl('tfjs-graph/model.json'))
  const expected = JSON.parse(new TextDecoder().decode(fixture('tfjs-graph/expected.json'))) as Record<string, number[]>
  expect([...tensors].map(([name, { dtype, quantized }]) => [name, dtype, quantized])).toEqual([
    ['steps', 'I32', undefined],
    ['module/uint8/weights', 'F32', 'U8'],
    ['module/uint16/weights', 'F32', 'U16'],
    ['module/float16/weights', 'F16', undefined],
  ])
  for (const [name, bits] of Object.entries(expected)) expect(bitsOf(tensors.get(name)!.read()), name).toEqual(bits)
})

describe('refuses', () => {
  const weight = { name: 'a', shape: [2], dtype: 'float32' }
  const refusal = (weights: unknown, { bytes = 8, paths = ['x'] as unknown } = {}) =>
    parseTfjs({ weightsManifest: [{ paths, weights }] }, async () => new Uint8Array(bytes)).then(
      () => 'no refusal',
      (error: unknown) => {
        expect(error).toBeInstanceOf(CheckpointError)
        return (error as CheckpointError).message
      },
    )

  test.each<[string, unknown, string, { bytes?: number; paths?: unknown }?]>([
    ['too few bytes', [weight], "weight 'a': expected 8 bytes for F32 [2], found 7.", { bytes: 7 }],
    ['too many bytes', [weight], 'expected 8 bytes of weights, as it lists, found 9 in its files.', { bytes: 9 }],
    ['a name twice', [weight, weight], "expected every weight once, found a second 'a'.", { bytes: 16 }],
    ['no list of weights', 3, 'expected a list of weights in each group, found number.'],
    ['no list of paths', [weight], 'expected a list of paths in each group', { paths: 'x' }],
    ['an unknown type', [{ ...weight, dtype: 'float31' }], "expected a type that tfjs has, found 'float31'."],
    ['a broken shape', [{ ...weight, shape: [-1] }], 'expected the name and shape of each weight'],
    ['a size beyond all', [{ ...weight, shape: [2 ** 40, 2 ** 40] }], "weight 'a': expected"],
    ['a quantisation of four bits', [{ ...weight, quantization: { dtype: 'uint4' } }], "found 'uint4'."],
    ['texts beyond the file', [{ ...weight, dtype: 'string', shape: [1e9] }], 'expected texts within the files'],
    ...['../x', '/x', 'a/../../x', 'C:\\x', 'https://example.com/x', '', '.', 3].map(
      (path): [string, unknown, string, { paths: unknown }] => [
        `the path ${path}`,
        [weight],
        'tfjs model: expected the paths of files beside it, found',
        { paths: [path] },
      ],
    ),
    [
      'a thousand files and one',
      [],
      'expected at most 1000 files',
      { paths: Array.from({ length: 1001 }, (_, i) => `${i}`) },
    ],
  ])('%s', async (_, weights, message, options) => {
    expect(await refusal(weights, options)).toContain(message)
  })

  test('a model.json alone', async () => {
    await expect(readCheckpoint(fixture('tfjs-layers/model.json'))).rejects.toThrow(
      "the bytes: expected the file 'group1-shard1of3.bin' beside it, found this one file alone; name it by its path",
    )
    const lonely = [new File([fixture('tfjs-layers/model.json')], 'model.json')]
    await expect(readCheckpoint(lonely)).rejects.toThrow("expected the file 'group1-shard1of3.bin' among those given")
  })
})
