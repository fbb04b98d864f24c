import { goldenParams, goldenTensor } from '@resnet-ts/golden'
import { type Graph, GraphBuilder, parameters } from '@resnet-ts/graph'
import { exportOnnx } from '@resnet-ts/onnx'
import { describe, expect, test } from 'vitest'
import { bind } from '../bind.js'
import { CheckpointError } from '../errors.js'
import { readCheckpoint } from '../readCheckpoint.js'
import { bitsOf, expectTiny, fixture, tinyShapes } from '../testing/fixtures.js'
import { writeNpz } from './npy/writeNpz.js'
import { parseOnnx } from './onnx.js'
import { writeSafetensors } from './writeSafetensors.js'

function tiny(): Graph {
  const g = new GraphBuilder('tiny')
  const x = g.conv2d(g.input('image', { channels: 3 }), { name: 'conv1', channels: 4, kernel: 3 })
  const y = g.relu(g.batchNorm(x, { name: 'bn1' }))
  g.output('logits', g.linear(g.globalPool(y), { name: 'fc', channels: 5 }))
  return g.build()
}

describe('reads', () => {
  test.each(['tiny.onnx', 'tiny-by-hand.onnx'])('%s', async (name) => {
    const checkpoint = await readCheckpoint(fixture(name))
    expect(checkpoint.format).toBe('onnx')
    expectTiny(checkpoint)
  })

  test('the names of modules where the exporter has none, weights of Gemm as [out, in], and nothing else', async () => {
    const { tensors } = await readCheckpoint(fixture('tiny-by-hand.onnx'))
    expect([...tensors].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ...[...tinyShapes.keys()].map((name) => [name, 'F32']),
      ['halves', 'F16'],
    ])
  })

  test('a file in place', () => {
    const bytes = fixture('tiny.onnx')
    const values = [...parseOnnx(bytes).tensors.values()].map((tensor) => tensor.read())
    expect(values.some((value) => value.buffer === bytes.buffer)).toBe(true)
  })
})

describe('binds', () => {
  test('what PyTorch exported with its norms folded, as the norm and the bias it had', async () => {
    const checkpoint = await readCheckpoint(fixture('tiny-folded.onnx'))
    expect([...checkpoint.tensors.keys()]).toEqual(['conv1.weight', 'conv1.bias', 'fc.weight', 'fc.bias'])
    const { params } = bind(tiny(), checkpoint)
    const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((key) =>
      goldenTensor(`bn1.${key}`, [4]),
    )
    const scale = weight!.map((value, channel) => value / Math.sqrt(variance![channel]! + 1e-5))
    const expected = goldenTensor('conv1.weight', [4, 3, 3, 3]).map(
      (value, index) => value * scale[Math.floor(index / 27)]!,
    )
    params
      .get('conv1.weight')!
      .read()
      .forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index]!, 6)
      })
    params
      .get('bn1.bias')!
      .read()
      .forEach((value, channel) => {
        expect(value).toBeCloseTo(bias![channel]! - mean![channel]! * scale[channel]!, 6)
      })
  })

  test('layers in their order where names say nothing', () => {
    const { tensors, ...rest } = parseOnnx(fixture('tiny.onnx'))
    const names: Record<string, string> = { conv1: 'Conv_0', bn1: 'BatchNormalization_1', fc: 'Gemm_5' }
    const renamed = [...tensors].map(
      ([key, tensor]) => [key.replace(/^\w+/, (layer) => names[layer]!), tensor] as const,
    )
    const { params } = bind(tiny(), { ...rest, tensors: new Map(renamed) })
    for (const [key, shape] of tinyShapes)
      expect(bitsOf(params.get(key)!.read())).toEqual(bitsOf(goldenTensor(key, shape)))
    const normless = renamed.filter(([key]) => !key.startsWith('Batch'))
    const folded = [...normless, ['Conv_0.bias', tensors.get('bn1.bias')!] as const]
    expect(bind(tiny(), { ...rest, tensors: new Map(folded) }).params.size).toBe(7)
    expect(() => bind(tiny(), { ...rest, tensors: new Map(renamed.slice(1)) })).toThrow(/7 missing/)
  })
})

test('round trips of safetensors, npz and ONNX keep every bit', async () => {
  const graph = tiny()
  const params = goldenParams(parameters(graph).map(({ key, shape }) => [key, shape]))
  const safetensors = writeSafetensors(params)
  let tensors: Parameters<typeof writeNpz>[0] = (await readCheckpoint(safetensors)).tensors
  for (const write of [writeNpz, (all: typeof tensors) => exportOnnx({ graph, params: all })]) {
    const file = write(tensors)
    tensors = bind(graph, await readCheckpoint(file)).params
  }
  expect(writeSafetensors(tensors)).toEqual(safetensors)
})

test('refuses what is no model', async () => {
  const bytes = fixture('tiny.onnx')
  expect(() => parseOnnx(bytes.slice(0, 200))).toThrow(CheckpointError)
  expect(() => parseOnnx(Uint8Array.of(8, 7))).toThrow(/ONNX file: expected a model, found no graph/)
  await expect(readCheckpoint(bytes.slice(0, -3))).rejects.toThrow(CheckpointError)
})
