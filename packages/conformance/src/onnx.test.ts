import { type GoldenFamily, goldenInput, goldenModel, goldenParams } from '@resnet-ts/golden'
import { optimise, tensor } from '@resnet-ts/graph'
import { findModel } from '@resnet-ts/zoo'
import { describe, expect, test } from 'vitest'
import { conformanceCases } from './cases/index.js'
import { checkCase, compareTensors, runOnce } from './check.js'
import { exported, type OnnxRuntime } from './exported.js'

// What is exported as ONNX, run by onnxruntime as anyone would run it: `[n, c, h, w]`, in this thread.

const runtimes = [
  await load('onnxruntime-node', () => import('onnxruntime-node')),
  await load('onnxruntime-web', async () => {
    const runtime = await import('onnxruntime-web')
    runtime.env.wasm.numThreads = 1
    return runtime
  }),
]

interface Loaded {
  readonly name: string
  readonly runtime?: OnnxRuntime
  /** Why it does not run here. */
  readonly reason?: string
}

async function load(name: string, importRuntime: () => Promise<OnnxRuntime>): Promise<Loaded> {
  try {
    return { name, runtime: await importRuntime() }
  } catch (error) {
    return { name, reason: String(error).split('\n')[0] }
  }
}

for (const { name, runtime, reason } of runtimes) {
  if (!runtime) test.skip(`exported models on ${name}: ${reason}`)
  else describe(`exported models on ${name}`, () => describeExported(runtime))
}

function describeExported(runtime: OnnxRuntime): void {
  const cases = conformanceCases()

  test.for(cases.map((testCase) => [testCase.name, testCase] as const))('%s', async ([, testCase]) => {
    expect(await checkCase(exported(runtime), testCase)).toEqual([])
  })

  describe.each([13, 14, 15, 16, 17, 18, 19, 20, 21])('opset %i', (opset) => {
    const networks = cases.filter(({ name }) => /gated|group norm|several ways|taps|shortcut A/.test(name))
    test.for(networks.map((testCase) => [testCase.name, testCase] as const))('%s', async ([, testCase]) => {
      expect(await checkCase(exported(runtime, { opset, layout: 'nhwc' }), testCase)).toEqual([])
    })
  })

  // One network of each kind of block, stem, shortcut, attention, norm and head there are.
  test.each<[string, GoldenFamily]>([
    ['resnet18', 'timm'],
    ['resnet26d', 'timm'],
    ['resnext50_32x4d', 'timm'],
    ['seresnet50', 'timm'],
    ['ecaresnet26t', 'timm'],
    ['resnetblur50', 'timm'],
    ['resnetrs50', 'timm'],
    ['resnet50_gn', 'timm'],
    ['resnetv2_50', 'timm-v2'],
    ['resnetv2_50x1_bit', 'timm-v2'],
  ])('%s has the logits of timm', async (name, family) => {
    const golden = goldenModel(name, family as 'timm')
    const image = goldenInput(golden.input.shape, golden.input.key)
    const network = optimise({ graph: findModel(name as 'resnet18')(), params: goldenParams(golden.state) })
    const { logits } = await runOnce(exported(runtime), network, { image: tensor(image.shape, image.data) })
    const expected = tensor([image.shape[0], golden.logits.length / image.shape[0]], golden.logits)
    expect(compareTensors({ logits }, { logits: expected }, { absolute: 1e-4, relative: 1e-4 })).toEqual([])
  })
}
