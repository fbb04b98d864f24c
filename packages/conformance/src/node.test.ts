import { onnxruntime } from '@resnet-ts/backend-node'
import { describe, expect, test } from 'vitest'
import { kinds } from './golden/kinds.js'
import { bounds, measure } from './golden/measure.js'
import { describeConformance } from './vitest.js'

const availability = await onnxruntime().isAvailable()

if (availability.available) {
  describeConformance('onnxruntime-node', onnxruntime)
  describe('onnxruntime-node has the logits of timm', () => {
    // Optimised ones keep to the narrower bound too.
    test.each(kinds(100e6))('%s', async (_title, run) => {
      expect((await measure(run, 'optimised', onnxruntime(), bounds['as written'])).faults).toEqual([])
    })
  })
} else test.skip(`onnxruntime-node conforms: ${availability.reason}`)
