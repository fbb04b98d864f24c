/**
 * `pnpm test`: builds, checks and tests every package, goes on after failures so that all of them are seen, and ends with a
 * line of its own: `N passed, N failed, N skipped`. A check that fails (build, types, lint, layers), and tests that could not
 * run, count as a failure each. Results are kept by turbo and shown again while nothing that they depend on has changed.
 *
 * `pnpm test:browser`: only the tests that need a browser (`browser.test.ts`, `*.browser.test.ts`), afresh; it fails when there is none.
 *
 * `pnpm test:long`: like `pnpm test`, with the tests that it skips since they take minutes.
 *
 * `pnpm test:release`: what is published: the checks of the packed packages, of their interfaces and of a release, and the fast
 * ones of the projects that use them.
 *
 * With `--again` they take the place of what the tests before said of them, and the last line counts all.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeEnvironment, findChromium } from './environment.mjs'
import { packagesOf } from './packages.mjs'
import { readReport, summary, totals, updated } from './report.mjs'
import { root, runScript, runScriptAside, runTurbo } from './turbo.mjs'

/** @typedef {import('./report.mjs').Outcome} Outcome */

const packages = packagesOf(root)
const results = join(root, '.vitest')
const checks = ['lint', 'layers']
const tasks = ['build', 'typecheck', 'test']

/** @returns {Outcome[]} */
function testEverything() {
  // Nothing but what this run leaves is counted.
  const stale = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent)).map((name) => join(root, parent, name, '.vitest'))
      : [],
  )
  for (const folder of [results, join(root, '.turbo', 'runs'), ...stale])
    rmSync(folder, { recursive: true, force: true })

  const chromium = findChromium()
  const exitCode = runTurbo(
    [
      'run',
      ...checks.map((check) => `//#${check}`),
      ...tasks,
      '--continue=dependencies-successful',
      '--summarize',
      '--output-logs=new-only',
      '--log-order=grouped',
    ],
    { environment: { RESNET_TS_ENVIRONMENT: describeEnvironment(), ...(chromium && { CHROMIUM: chromium }) } },
  )

  const exitCodes = exitCodesOfTasks()
  const expected = [
    ...checks.map((task) => ({ owner: 'workspace', id: `//#${task}`, task })),
    ...packages.flatMap(({ manifest: { name, scripts } }) =>
      tasks.filter((task) => scripts?.[task]).map((task) => ({ owner: name, id: `${name}#${task}`, task })),
    ),
  ]
  const outcomes = expected.flatMap(({ owner, id, task }) => outcomesOf(owner, task, exitCodes.get(id)))
  // Whatever else went wrong is not to end in a pass.
  const unexplained = exitCode !== 0 && !outcomes.some(({ status }) => status === 'failed')
  return unexplained ? [...outcomes, failure('workspace', `turbo failed with exit code ${exitCode}`)] : outcomes
}

/** @returns {Map<string, number>} by task, of those that ran or whose result was kept */
function exitCodesOfTasks() {
  const runs = join(root, '.turbo', 'runs')
  const [file] = existsSync(runs) ? readdirSync(runs) : []
  if (!file) return new Map()
  /** @type {{ tasks: { taskId: string, execution?: { exitCode: number } }[] }} */
  const run = JSON.parse(readFileSync(join(runs, file), 'utf8'))
  return new Map(run.tasks.map(({ taskId, execution }) => [taskId, execution?.exitCode ?? 1]))
}

/**
 * @param {string} owner
 * @param {string} task
 * @param {number | undefined} exitCode undefined when the task did not run
 * @returns {Outcome[]}
 */
function outcomesOf(owner, task, exitCode) {
  if (exitCode === undefined) return [failure(owner, `${task} did not run, since something before it failed`)]
  if (task !== 'test') return exitCode === 0 ? [] : [failure(owner, `${task} failed`)]
  return outcomesOfTests(owner, 'report.json', exitCode)
}

/**
 * @param {string} owner
 * @param {string} file
 * @param {number} exitCode of vitest
 * @returns {Outcome[]}
 */
function outcomesOfTests(owner, file, exitCode) {
  const folder = packages.find(({ manifest }) => manifest.name === owner)?.folder ?? ''
  const outcomes = readReport(join(root, folder), owner, `.vitest/${file}`)
  if (!outcomes || outcomes.length === 0)
    return [failure(owner, 'there are no tests, or vitest left no report of them')]
  const unexplained = exitCode !== 0 && !outcomes.some(({ status }) => status === 'failed')
  return unexplained ? [...outcomes, failure(owner, 'vitest failed outside of its tests')] : outcomes
}

/**
 * @param {string} owner
 * @param {string} name
 * @returns {Outcome}
 */
const failure = (owner, name) => ({ owner, name, status: 'failed' })

/** @returns {Outcome[]} */
function testInBrowser() {
  const chromium = findChromium()
  if (!chromium) return [failure('workspace', 'no Chromium: install it, or name its executable in CHROMIUM')]
  if (runTurbo(['run', 'build', '--output-logs=errors-only']) !== 0) return [failure('workspace', 'build failed')]
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
  const outcomes = packages.filter(hasBrowserTests).flatMap(({ folder, manifest: { name } }) => {
    const report = join(root, folder, '.vitest', 'browser.json')
    rmSync(report, { force: true })
    const options = ['--config', join(root, 'vitest.config.ts'), '--root', '.']
    const { status } = spawnSync(process.execPath, [vitest, 'run', ...options, 'browser.test.ts'], {
      cwd: join(root, folder),
      env: { ...process.env, CHROMIUM: chromium, RESNET_TS_REPORT: report },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    return outcomesOfTests(name, 'browser.json', status ?? 1)
  })
  return outcomes.length > 0 ? outcomes : [failure('workspace', 'there are no browser tests')]
}

const releaseChecks = [
  ['release:check', 'tooling/release/check.mjs'],
  ['api', 'tooling/api/main.mjs'],
  ['reference', 'tooling/api/reference.mjs'],
  ['unused', 'tooling/api/unused.mjs'],
  ['release:rehearse', 'tooling/release/rehearse.mjs'],
]

/** @returns {Promise<Outcome[]>} */
async function testRelease() {
  if (runTurbo(['run', 'build', '--output-logs=errors-only']) !== 0) return [failure('workspace', 'build failed')]
  // Alone, since it is timed.
  const timed = await outcomeOfCheck('release:first-photo', 'tooling/release/firstPhoto.mjs')
  const checked = [timed, ...(await outcomesAtOnce(releaseChecks, Math.min(2, availableParallelism())))]
  const consumers = 'tooling/consumers'
  const report = join(root, consumers, '.vitest', 'release.json')
  rmSync(report, { force: true })
  const status = runScript(`${consumers}/main.mjs`, 'fast')
  return [...checked, ...outcomesOfTests('@resnet-ts/consumers', 'release.json', status)]
}

/**
 * Runs several checks at a time, the last of the list first, as it takes longest.
 *
 * @param {string[][]} checks names and scripts
 * @param {number} atOnce
 * @returns {Promise<Outcome[]>}
 */
async function outcomesAtOnce(checks, atOnce) {
  const waiting = [...checks]
  /** @type {Outcome[]} */
  const outcomes = []
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) outcomes.push(await outcomeOfCheck(next[0], next[1]))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return outcomes
}

/**
 * Runs a check, and shows what it said when it has ended.
 *
 * @param {string} name
 * @param {string} script
 * @returns {Promise<Outcome>}
 */
async function outcomeOfCheck(name, script) {
  const { status, said } = await runScriptAside(script)
  console.log(`\n${name}\n${said.trimEnd()}`)
  return { owner: 'workspace', file: script, name, status: status === 0 ? 'passed' : 'failed' }
}

/** @param {import('./packages.mjs').Package} owner */
function hasBrowserTests({ folder }) {
  const source = join(root, folder, 'src')
  const files = existsSync(source) ? readdirSync(source, { recursive: true }) : []
  return files.some((name) => `${name}`.endsWith('browser.test.ts'))
}

/** @returns {Outcome[]} of the `pnpm test` before */
function earlier() {
  const file = join(results, 'outcomes.json')
  if (!existsSync(file)) return [failure('workspace', 'there was no pnpm test before')]
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** @returns {Outcome[] | Promise<Outcome[]>} */
function testWhatIsAsked() {
  if (process.argv.includes('--browser')) return testInBrowser()
  return process.argv.includes('--release') ? testRelease() : testEverything()
}

if (process.argv.includes('--long')) process.env.RESNET_TS_LONG = '1'
const outcomes = await testWhatIsAsked()
const counted = process.argv.includes('--again') ? updated(earlier(), outcomes) : outcomes
mkdirSync(results, { recursive: true })
writeFileSync(join(results, 'outcomes.json'), JSON.stringify(counted))
writeFileSync(join(results, 'totals.txt'), `${totals(counted)}\n`)
console.log(summary(counted))
if (counted.some(({ status }) => status === 'failed')) process.exitCode = 1
