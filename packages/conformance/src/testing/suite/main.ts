import { type WasmOptions, wasm } from '@resnet-ts/backend-wasm'
import type { ConformanceCase } from '../../case.js'
import { referenceCases } from '../../cases/reference.js'
import { checkCase, expectedOf } from '../../check.js'
import { describeContract } from '../../contract.js'
import { checkMerged } from '../../merged.js'
import { runTests, type TestResult } from './vitest.js'

type Options = Pick<WasmOptions, 'threads' | 'worker'>

declare global {
  /** What the tests ask a page for. */
  var conformance: {
    /** What is wrong with each of the cases, in words, and how many there are. */
    checkEach(options: Options): Promise<{ readonly count: number; readonly faults: readonly string[] }>
    /** The same, of all of them as one network. */
    checkMerged(options: Options): Promise<readonly string[]>
    runContract(options: Options): Promise<readonly TestResult[]>
  }
}

/** All cases: those of PyTorch are given, since a page cannot read its numbers. */
async function loadCases(): Promise<ConformanceCase[]> {
  const response = await fetch('./golden.json')
  const golden = JSON.parse(await response.text(), (_, value) =>
    value?.float32 === undefined ? value : Float32Array.from(value.float32),
  ) as ConformanceCase[]
  const cases = [...golden, ...referenceCases()]
  return Promise.all(cases.map(async (each) => ({ ...each, expected: await expectedOf(each) })))
}

const loading = loadCases()

globalThis.conformance = {
  async checkEach(options) {
    const cases = await loading
    const backend = wasm(options)
    const faults: string[] = []
    for (const each of cases) {
      for (const fault of await checkCase(backend, each)) faults.push(`${each.name}: ${fault}`)
    }
    return { count: cases.length, faults }
  },
  checkMerged: async (options) => checkMerged(wasm(options), await loading),
  runContract: (options) => runTests(() => describeContract('wasm', () => wasm(options))),
}
