import { describe, expect, test } from 'vitest'
import { conformanceCases } from './cases/index.js'
import { checkCase } from './check.js'
import { exported, type OnnxRuntime } from './exported.js'
import { kinds, mostForOthers } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'

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

  // Optimised ones keep to the narrower bound too.
  test.each(kinds(mostForOthers))('the logits of timm, %s', async (_title, run) => {
    expect((await measure(run, 'optimised', exported(runtime), bounds['as written'])).faults).toEqual([])
  })
}
