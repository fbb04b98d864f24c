/**
 * `pnpm renew`: makes anew all that is made from something else and kept in the repository (`derived.mjs`), one after another.
 *
 * `--only NAME`, which may be repeated: those alone. `--check`: changes nothing, and ends with 1, naming them, where any is
 * stale. `--list`: what there is.
 */

import { parseArgs } from 'node:util'
import { derived } from './derived.mjs'
import { runScript, runTurbo } from './turbo.mjs'

/** @typedef {import('./derived.mjs').Derived} Derived */

const usage = 'usage: pnpm renew [--only NAME]… [--check | --list]'

/** @param {readonly string[]} args */
function choose(args) {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true }, check: { type: 'boolean' }, list: { type: 'boolean' } },
  })
  const unknown = values.only?.filter((name) => !derived.some((each) => each.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; there are ${names(derived)}.`)
  const chosen = derived.filter(({ name }) => values.only?.includes(name) ?? true)
  return { chosen, check: values.check ?? false, list: values.list ?? false }
}

/** @param {readonly Derived[]} some */
function names(some) {
  return some.map(({ name }) => name).join(', ')
}

function build() {
  return runTurbo(['run', 'build', '--output-logs=errors-only']) === 0
}

/**
 * @param {readonly string[]} command
 * @returns {boolean} whether it went well
 */
function run([script = '', ...args]) {
  return runScript(script, ...args) === 0
}

/**
 * @param {readonly Derived[]} chosen
 * @returns {Derived[]} those that could not be made
 */
function make(chosen) {
  return chosen.filter(({ name, make, takes }) => {
    console.log(`\n${name}${takes ? ` (${takes})` : ''}`)
    // What one wrote may be source of the next.
    return !build() || !run(make)
  })
}

/**
 * @param {readonly Derived[]} chosen
 * @returns {Derived[]} those that are stale
 */
function check(chosen) {
  if (!build()) return [...chosen]
  return chosen.filter(({ name, check }) => {
    console.log(`\n${name}`)
    return check && !run(check)
  })
}

/** @param {readonly string[]} args */
function main(args) {
  const asked = choose(args)
  if (asked.list) {
    for (const { name, what, heldBy } of asked.chosen) console.log(`${name}: ${what}. Held true by ${heldBy}.`)
    return
  }
  const failed = asked.check ? check(asked.chosen) : make(asked.chosen)
  if (failed.length === 0) {
    console.log(asked.check ? '\nNothing is stale.' : '\nMade anew; git diff shows what has changed.')
    return
  }
  console.error(asked.check ? `\nStale: ${names(failed)}. pnpm renew makes them anew.` : `\nFailed: ${names(failed)}.`)
  process.exitCode = 1
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(usage)
  process.exitCode = 2
}
