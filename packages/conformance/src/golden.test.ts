import { reference } from '@resnet-ts/backend-reference'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { type GoldenNetwork, goldenInput, goldenModel, goldenModelNames, goldenParams } from '@resnet-ts/golden'
import { type Backend, type Graph, optimise, tensor } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'
import { compareTensors, runOnce } from './check.js'

// Whole networks of the zoo, with weights and inputs that are a function of their names, against the logits that
// timm's and the paper's networks yield with the same ones in PyTorch.

const tolerance = { absolute: 1e-4, relative: 1e-4 }

const torchvision = [
  'resnet18',
  'resnet34',
  'resnet50',
  'resnet101',
  'resnet152',
  'resnext50_32x4d',
  'resnext101_32x8d',
  'resnext101_64x4d',
  'wide_resnet50_2',
  'wide_resnet101_2',
] as const

const small = ['resnet18', 'resnet50', 'resnext50_32x4d'] as const

/** What is wrong with the logits of a network; nothing when they are PyTorch's. */
async function check(backend: Backend, graph: Graph, golden: GoldenNetwork, form: 'as written' | 'optimised') {
  const network = { graph, params: goldenParams(golden.state) }
  const image = goldenInput(golden.input.shape, golden.input.key)
  const { logits } = await runOnce(backend, form === 'optimised' ? optimise(network) : network, {
    image: tensor(image.shape, image.data),
  })
  const expected = tensor([image.shape[0], golden.logits.length / image.shape[0]], golden.logits)
  return compareTensors({ logits }, { logits: expected }, tolerance)
}

describe.each(['as written', 'optimised'] as const)('logits of timm, %s', (form) => {
  test.each(['resnet18', 'resnet50'] as const)('%s on the reference', async (name) => {
    expect(await check(reference(), findModel(name)(), goldenModel(name), form)).toEqual([])
  })

  // The large ones take long, and as they are written they have no op that the small ones have not.
  test.each(form === 'optimised' ? torchvision : small)('%s on tfjs-wasm', async (name) => {
    expect(await check(tfjsWasm(), findModel(name)(), goldenModel(name), form)).toEqual([])
  })
})

describe.each(['as written', 'optimised'] as const)("logits of the paper's CIFAR networks, %s", (form) => {
  test.each(goldenModelNames('cifar'))('%s', async (name) => {
    const [model, shortcut] = name.split('-') as [string, 'A' | 'B' | 'C']
    const golden = goldenModel(name, 'cifar')
    const graph = findModel(model)({ shortcut })
    expect(await check(reference(), graph, golden, form)).toEqual([])
    expect(await check(tfjsWasm(), graph, golden, form)).toEqual([])
  })
})
