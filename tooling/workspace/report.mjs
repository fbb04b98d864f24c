import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * @typedef {object} Outcome one test, or one task that stands for tests which did not run
 * @property {string} owner the package
 * @property {string} [file] from the package's folder, of a test
 * @property {string} name the test's title with its groups', or what became of the task
 * @property {'passed' | 'failed' | 'skipped'} status
 */

/**
 * @typedef {object} VitestReport what vitest's JSON reporter writes, as far as it is read here
 * @property {{
 *   name: string,
 *   status: string,
 *   message: string,
 *   assertionResults: { ancestorTitles: string[], title: string, status: string }[]
 * }[]} testResults
 */

/**
 * The outcomes in a package's report, undefined when it has left none.
 *
 * @param {string} folder of the package
 * @param {string} owner its name
 * @param {string} file of the report, in the folder
 * @returns {Outcome[] | undefined}
 */
export function readReport(folder, owner, file) {
  const path = join(folder, file)
  if (!existsSync(path)) return undefined
  /** @type {VitestReport} */
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const source = relative(folder, name).replaceAll('\\', '/')
    /** @type {Outcome[]} */
    const outcomes = assertionResults.map((test) => ({
      owner,
      file: source,
      name: [...test.ancestorTitles.filter(Boolean), test.title].join(' > '),
      status: statusOf(test.status),
    }))
    // A file that could not be loaded, or whose set-up failed, has no failed test to show for it.
    const silent = status === 'failed' && !outcomes.some((outcome) => outcome.status === 'failed')
    if (silent) outcomes.push({ owner, file: source, name: firstLine(message), status: 'failed' })
    return outcomes
  })
}

/**
 * @param {string} status of vitest
 * @returns {Outcome['status']}
 */
function statusOf(status) {
  if (status === 'passed' || status === 'failed') return status
  return 'skipped'
}

/** @param {string} text */
const firstLine = (text) => text.split('\n')[0] ?? ''

/**
 * The outcomes with those of a later run in place of what the same test files had before. (Not test by test: one that is
 * skipped for a reason has the reason in its name.)
 *
 * @param {Outcome[]} outcomes
 * @param {Outcome[]} later
 * @returns {Outcome[]}
 */
export function updated(outcomes, later) {
  const again = new Set(later.map(({ owner, file }) => `${owner} ${file}`))
  return [...outcomes.filter(({ owner, file }) => !file || !again.has(`${owner} ${file}`)), ...later]
}

/**
 * @param {Outcome[]} outcomes
 * @param {Outcome['status']} status
 */
const count = (outcomes, status) => outcomes.filter((outcome) => outcome.status === status).length

/**
 * @param {Outcome[]} outcomes
 * @returns {string} `N passed, N failed, N skipped`
 */
export function totals(outcomes) {
  return `${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed, ${count(outcomes, 'skipped')} skipped`
}

/**
 * The counts of each package, every skipped and every failed test by name, and the totals as the last line.
 *
 * @param {Outcome[]} outcomes
 * @returns {string}
 */
export function summary(outcomes) {
  const owners = [...new Set(outcomes.map(({ owner }) => owner))].sort()
  const width = Math.max(0, ...owners.map((owner) => owner.length))
  const counts = owners.map((owner) => {
    return `  ${owner.padEnd(width)}  ${totals(outcomes.filter((outcome) => outcome.owner === owner))}`
  })
  return ['', 'Tests', ...counts, ...list(outcomes, 'skipped'), ...list(outcomes, 'failed'), '', totals(outcomes)].join(
    '\n',
  )
}

/**
 * @param {Outcome[]} outcomes
 * @param {'skipped' | 'failed'} status
 * @returns {string[]} a line each, under a title; nothing when there are none
 */
function list(outcomes, status) {
  const names = outcomes
    .filter((outcome) => outcome.status === status)
    .map(({ owner, file, name }) => `  ${owner}  ${file ? `${file} > ` : ''}${name}`)
  return names.length > 0 ? ['', status === 'skipped' ? 'Skipped' : 'Failed', ...names] : []
}
