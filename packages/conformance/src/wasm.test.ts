import { wasm } from '@resnet-ts/backend-wasm'
import { describe, expect, test } from 'vitest'
import { checkLogits, kinds } from './logits.js'
import { describeConformance } from './vitest.js'

describe.each([1, 2])('with %i threads', (threads) => {
  describeConformance(`wasm, ${threads} threads`, () => wasm({ threads }))
  describe(`wasm, ${threads} threads, has the logits of timm`, () => {
    test.each(kinds)('%s', async (name, family) => {
      expect(await checkLogits(wasm({ threads }), name, family)).toEqual([])
    })
  })
})
