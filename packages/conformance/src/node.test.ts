import { onnxruntime } from '@resnet-ts/backend-node'
import { describe, expect, test } from 'vitest'
import { checkLogits, kinds } from './logits.js'
import { describeConformance } from './vitest.js'

const availability = await onnxruntime().isAvailable()

if (availability.available) {
  describeConformance('onnxruntime-node', onnxruntime)
  describe('onnxruntime-node has the logits of timm', () => {
    test.each(kinds)('%s', async (name, family) => {
      expect(await checkLogits(onnxruntime(), name, family)).toEqual([])
    })
  })
} else test.skip(`onnxruntime-node conforms: ${availability.reason}`)
