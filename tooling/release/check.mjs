/**
 * `pnpm release:check`: packs every public package and says what is wrong with what would be published; fails when anything is.
 *
 * `--sizes`: prints what every package weighs too, in the form of budgets.json.
 *
 * `--budgets`: sets those budgets anew that are not kept to, or are far too large.
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import { claimProblems } from './claims.mjs'
import { contentProblems, dependencyProblems } from './contents.mjs'
import { publintProblems, typesProblems } from './linters.mjs'
import { packAll } from './pack.mjs'
import { budgetProblems, renewedBudgets, sizesOf } from './sizes.mjs'

/** @typedef {import('./sizes.mjs').Sizes} Sizes */

const budgetsFile = new URL('budgets.json', import.meta.url)
/** @type {Record<string, Sizes>} */
let budgets = JSON.parse(await readFile(budgetsFile, 'utf8'))
const renews = process.argv.includes('--budgets')

/**
 * @param {string} workspace
 * @param {string} destination
 * @returns {Promise<{ problems: string[], sizes: Record<string, Sizes> }>}
 */
async function check(workspace, destination) {
  const packages = await packAll(workspace, destination)
  const names = new Set(packages.map(({ name }) => name))
  /** @type {Record<string, Sizes>} */
  const sizes = {}
  const problems = await claimProblems(workspace)
  for (const packed of packages) {
    const ownSizes = await sizesOf(workspace, packed)
    sizes[packed.name] = ownSizes
    const found = [
      ...contentProblems(packed),
      ...dependencyProblems(packed, names),
      ...(await publintProblems(packed)),
      ...(await typesProblems(packed)),
    ]
    problems.push(...found.map((problem) => `${packed.name}: ${problem}`))
  }
  return { problems, sizes }
}

const destination = await mkdtemp(join(tmpdir(), 'resnet-ts-packed-'))
const { problems, sizes } = await check(root, destination).finally(() => rm(destination, { recursive: true }))
if (renews) {
  const sorted = Object.entries(sizes).sort(([left], [right]) => (left < right ? -1 : 1))
  budgets = Object.fromEntries(sorted.map(([name, each]) => [name, renewedBudgets(each, budgets[name])]))
  await writeFile(budgetsFile, `${JSON.stringify(budgets, null, 2)}\n`)
}
for (const name of new Set([...Object.keys(budgets), ...Object.keys(sizes)])) {
  const own = sizes[name]
  const found = own ? budgetProblems(own, budgets[name]) : ['budgets.json has it, and it is not a public package']
  problems.push(...found.map((problem) => `${name}: ${problem}`))
}
if (process.argv.includes('--sizes')) console.log(JSON.stringify(sizes, null, 2))
for (const problem of problems) console.error(problem)
console.log(`${Object.keys(sizes).length} packages packed, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
