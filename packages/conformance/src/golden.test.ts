import { reference } from '@resnet-ts/backend-reference'
import { tfjsWasm } from '@resnet-ts/backend-wasm/tfjs'
import { goldenModelNames } from '@resnet-ts/golden'
import { describe, expect, test } from 'vitest'
import { unlessLong } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { modelRun } from './golden/runs.js'

// Torchvision's networks and the paper's for CIFAR, with weights and inputs that are a function of their names, against
// the logits that PyTorch yields with the same ones. Optimised ones keep to the narrower bound too.

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

const bound = bounds['as written']

describe.each(['as written', 'optimised'] as const)('logits of timm, %s', (form) => {
  test.each(['resnet18', 'resnet50'] as const)('%s on the reference', async (name) => {
    expect((await measure(modelRun(name), form, reference(), bound)).faults).toEqual([])
  })

  // As they are written, the large ones have no op that the small ones have not.
  for (const name of form === 'optimised' ? torchvision : small) {
    const run = modelRun(name)
    const { isLong, title } = unlessLong(`${name} on tfjs-wasm`, run, 40e6)
    test.skipIf(isLong)(title, async () => {
      expect((await measure(run, form, tfjsWasm(), bound)).faults).toEqual([])
    })
  }
})

describe.each(['as written', 'optimised'] as const)("logits of the paper's CIFAR networks, %s", (form) => {
  test.each(goldenModelNames('cifar'))('%s', async (name) => {
    const run = modelRun(name, 'cifar')
    expect((await measure(run, form, reference(), bound)).faults).toEqual([])
    expect((await measure(run, form, tfjsWasm(), bound)).faults).toEqual([])
  })
})
