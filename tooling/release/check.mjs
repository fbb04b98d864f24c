/**
 * `pnpm release:check`: packs every public package and says what is wrong with what would be published; fails when anything is.
 *
 * `--sizes`: prints what every package weighs too, in the form of budgets.json.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '@resnet-ts/workspace/turbo.mjs'
import { contentProblems, dependencyProblems } from './contents.mjs'
import { publintProblems, typesProblems } from './linters.mjs'
import { packAll } from './pack.mjs'
import { budgetProblems, sizesOf } from './sizes.mjs'

/** @typedef {import('./sizes.mjs').Sizes} Sizes */

/** @type {Record<string, Sizes>} */
const budgets = JSON.parse(await readFile(new URL('budgets.json', import.meta.url), 'utf8'))

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
  const problems = Object.keys(budgets)
    .filter((name) => !names.has(name))
    .map((name) => `budgets.json has ${name}, which is not a public package`)
  for (const packed of packages) {
    const ownSizes = await sizesOf(workspace, packed)
    sizes[packed.name] = ownSizes
    const found = [
      ...contentProblems(packed),
      ...dependencyProblems(packed, names),
      ...(await publintProblems(packed)),
      ...(await typesProblems(packed)),
      ...budgetProblems(ownSizes, budgets[packed.name]),
    ]
    problems.push(...found.map((problem) => `${packed.name}: ${problem}`))
  }
  return { problems, sizes }
}

const destination = await mkdtemp(join(tmpdir(), 'resnet-ts-packed-'))
const { problems, sizes } = await check(root, destination).finally(() => rm(destination, { recursive: true }))
if (process.argv.includes('--sizes')) console.log(JSON.stringify(sizes, null, 2))
for (const problem of problems) console.error(problem)
console.log(`${Object.keys(sizes).length} packages packed, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
