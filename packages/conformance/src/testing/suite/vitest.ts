import { chai, JestChaiExpect } from '@vitest/expect'
import { startTests, type VitestRunner } from '@vitest/runner'

// What stands for vitest in a page: the parts of it that run tests and compare, without what needs Node.

export { afterEach, beforeAll, describe, test } from '@vitest/runner'

chai.use(JestChaiExpect)
export const { expect } = chai

/** What became of a test. */
export interface TestResult {
  readonly name: string
  /** What it failed with, if it did. */
  readonly message?: string
}

/** Runs the tests that `define` defines, one after the other. */
export async function runTests(define: () => void): Promise<TestResult[]> {
  const results: TestResult[] = []
  const runner: VitestRunner = {
    config: {
      root: '/',
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: define,
    onAfterRunTask({ name, result }) {
      const message = result?.state === 'pass' ? undefined : (result?.errors?.[0]?.message ?? result?.state)
      results.push({ name, ...(message !== undefined && { message }) })
    },
  }
  await startTests(['page'], runner)
  return results
}
