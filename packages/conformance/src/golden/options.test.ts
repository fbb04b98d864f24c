import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { goldenOptions } from '@resnet-ts/golden'
import { inferShapes } from '@resnet-ts/graph'
import { describe, expect, test } from 'vitest'
import { bounds, measure } from './measure.js'
import { remembered } from './remembered.js'
import { modelOptionsOf, optionRun } from './runs.js'

// Every way of making a network that timm answered for: strides, channels, classes, pools, odd sizes, and the feature
// maps of the stages. Shapes, the first values of each output, and the mean of all its absolute values.

const memory = new Map<string, Float32Array>()
const runs = goldenOptions().map((option) => remembered(optionRun(option), memory))

// Optimised ones keep to the narrower bound too. The engine has those always (wasmGolden.test.ts).
const forms = process.env.RESNET_TS_LONG ? (['as written', 'optimised'] as const) : (['as written'] as const)
describe.each(forms)("networks made with timm's options, %s", (form) => {
  test.each(runs.map((run) => [run.name, run] as const))('%s', async (_name, run) => {
    const { faults } = await measure(run, form, tfjsWasm(), bounds['as written'])
    expect(faults).toEqual([])
  })
})

test('there are twenty-two, each of a name of its own', () => {
  expect(new Set(runs.map(({ name }) => name)).size).toBe(22)
})

test("timm's options are ours by other names", () => {
  expect(modelOptionsOf({ in_chans: 4, output_stride: 8, num_classes: 0, global_pool: '' })).toEqual({
    inChannels: 4,
    outputStride: 8,
    numClasses: 0,
    globalPool: 'none',
  })
  expect(modelOptionsOf({ in_chans: 3, global_pool: 'catavgmax' })).toEqual({ inChannels: 3, globalPool: 'catavgmax' })
})

test('feature maps are of the stages that were asked for, and nothing beyond the last is computed', () => {
  const features = runs.filter(({ name }) => name.includes('out_indices'))
  expect(features.map(({ network }) => Object.keys(network.graph.outputs))).toEqual([['layer1', 'layer3']])
  const { network, image } = features[0]
  expect(network.graph.nodes.some(({ name }) => name.startsWith('layer4') || name.startsWith('fc'))).toBe(false)
  const shapes = inferShapes(network.graph, { image: image.shape })
  expect(Object.values(network.graph.outputs).map((node) => shapes.get(node))).toEqual([
    [1, 16, 16, 256],
    [1, 4, 4, 1024],
  ])
})
