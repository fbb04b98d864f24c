import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport, summary, totals, updated } from './report.mjs'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a report says of one test file. */
function read(file: { status: string; message?: string; tests: [string[], string, string][] }) {
  const assertionResults = file.tests.map(([ancestorTitles, title, status]) => ({ ancestorTitles, title, status }))
  const results = { name: join(folder, 'src', 'a.test.ts'), message: '', ...file, assertionResults }
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ testResults: [results] }))
  return readReport(folder, 'a', 'report.json')
}

describe('readReport', () => {
  it('names each test, and counts what was not run as skipped', () => {
    const tests: [string[], string, string][] = [
      [['', 'group', 'inner'], 'one', 'passed'],
      [[''], 'two', 'failed'],
      [[], 'three (skipped: no browser)', 'skipped'],
      [[], 'four', 'todo'],
      [[], 'five', 'pending'],
    ]
    expect(read({ status: 'failed', tests })?.map(({ file, name, status }) => [file, name, status])).toEqual([
      ['src/a.test.ts', 'group > inner > one', 'passed'],
      ['src/a.test.ts', 'two', 'failed'],
      ['src/a.test.ts', 'three (skipped: no browser)', 'skipped'],
      ['src/a.test.ts', 'four', 'skipped'],
      ['src/a.test.ts', 'five', 'skipped'],
    ])
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(read({ status: 'failed', message: 'Cannot find module\nat …', tests: [] })).toEqual([
      { owner: 'a', file: 'src/a.test.ts', name: 'Cannot find module', status: 'failed' },
    ])
  })

  it('knows when there is none', () => {
    expect(readReport(folder, 'a', 'nowhere.json')).toBeUndefined()
  })
})

describe('updated', () => {
  it("puts a later run's files in place of theirs, whatever their tests were called, and keeps the rest", () => {
    const before = [
      { owner: 'a', file: 'x.ts', name: 'in a page (skipped: no browser)', status: 'skipped' as const },
      { owner: 'a', file: 'y.ts', name: 'adds', status: 'passed' as const },
      { owner: 'b', file: 'x.ts', name: 'adds', status: 'passed' as const },
      { owner: 'a', name: 'lint failed', status: 'failed' as const },
    ]
    const later = [
      { owner: 'a', file: 'x.ts', name: 'in a page', status: 'passed' as const },
      { owner: 'a', name: 'vitest failed outside of its tests', status: 'failed' as const },
    ]
    expect(updated(before, later)).toEqual([...before.slice(1), ...later])
  })
})

describe('summary', () => {
  it('counts by package, lists what was skipped and what failed, and ends with the totals', () => {
    const outcomes = [
      { owner: 'b', file: 'x.ts', name: 'adds', status: 'passed' as const },
      { owner: 'a', file: 'x.ts', name: 'in a page (skipped: no browser)', status: 'skipped' as const },
      { owner: 'b', name: 'lint failed', status: 'failed' as const },
    ]
    expect(summary(outcomes)).toBe(
      [
        '',
        'Tests',
        '  a  0 passed, 0 failed, 1 skipped',
        '  b  1 passed, 1 failed, 0 skipped',
        '',
        'Skipped',
        '  a  x.ts > in a page (skipped: no browser)',
        '',
        'Failed',
        '  b  lint failed',
        '',
        '1 passed, 1 failed, 1 skipped',
      ].join('\n'),
    )
    expect(totals([])).toBe('0 passed, 0 failed, 0 skipped')
  })
})
