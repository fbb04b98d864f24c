import type { Backend } from '@resnet-ts/graph'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ConformanceCase } from './case.js'
import { conformanceCases } from './cases/index.js'
import { checkCase } from './check.js'
import { describeContract } from './contract.js'

/** Defines the tests that a backend has to pass: all cases, and what its sessions promise. */
export function describeConformance(backendName: string, makeBackend: () => Backend | Promise<Backend>): void {
  describe(`${backendName} conforms`, () => {
    let backend: Backend
    beforeAll(async () => {
      backend = await makeBackend()
    })

    const cases = conformanceCases().filter((testCase) => backendName !== 'reference' || canFail(testCase))
    test.for(cases.map((testCase) => [testCase.name, testCase] as const))('%s', async ([, testCase]) => {
      expect(await checkCase(backend, testCase)).toEqual([])
    })
  })
  describeContract(backendName, makeBackend)
}

/** Whether there is anything to compare the reference with but itself. */
function canFail({ expected, origin }: ConformanceCase): boolean {
  return expected !== 'reference' || origin !== undefined
}
