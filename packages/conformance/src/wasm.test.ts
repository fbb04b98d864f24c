import { wasm } from '@resnet-ts/backend-wasm'
import { describe, expect, test } from 'vitest'
import { conformanceCases } from './cases/index.js'
import { describeContract } from './contract.js'
import { checkMerged } from './merged.js'
import { describeConformance } from './vitest.js'

// Starting threads takes longer than a case does: one by one they run on the calling thread.
describeConformance('wasm on the calling thread', () => wasm({ worker: false }))

const threadCounts = [1, 2]

describe.each(threadCounts)('wasm with %i threads', (threads) => {
  describeContract(`wasm, ${threads} threads,`, () => wasm({ threads }))

  test('conforms, all cases as one network', async () => {
    expect(await checkMerged(wasm({ threads }), conformanceCases())).toEqual([])
  })
})
