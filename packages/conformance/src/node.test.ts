import { onnxruntime } from '@resnet-ts/backend-node'
import { describe, expect, test } from 'vitest'
import { conformanceCases } from './cases/index.js'
import { describeContract } from './contract.js'
import { kinds, mostForOthers } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { checkMerged } from './merged.js'

import { describeConformance } from './vitest.js'

const availability = await onnxruntime().isAvailable()

if (availability.available) {
  // To start a worker with the runtime takes longer than a case does; onnx.test.ts has them one by one in the calling thread.
  if (process.env.RESNET_TS_LONG) describeConformance('onnxruntime-node', onnxruntime)
  else describeContract('onnxruntime-node', onnxruntime)

  test('onnxruntime-node conforms, all cases in networks of a hundred', async () => {
    const cases = conformanceCases()
    const faults: string[] = []
    // Its optimisations take several times as long for one network of all.
    for (let first = 0; first < cases.length; first += 100)
      faults.push(...(await checkMerged(onnxruntime(), cases.slice(first, first + 100))))
    expect(faults).toEqual([])
  })

  describe('onnxruntime-node has the logits of timm', () => {
    // Optimised ones keep to the narrower bound too.
    test.each(kinds(mostForOthers))('%s', async (_title, run) => {
      expect((await measure(run, 'optimised', onnxruntime(), bounds['as written'])).faults).toEqual([])
    })
  })
} else test.skip(`onnxruntime-node conforms: ${availability.reason}`)
