import { statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** @typedef {import('./pack.mjs').Packed} Packed */
/** @typedef {Record<string, number>} Sizes in bytes, by what is measured: `tarball`, `unpacked`, and each entry */

/**
 * How large a package is: packed, installed, and what each of its modules brings into a page, gzipped, with what it imports of
 * ours and of others (peers aside), all that it exports being used.
 *
 * @param {string} root of the workspace
 * @param {Packed} packed
 * @returns {Promise<Sizes>}
 */
export async function sizesOf(root, { folder, tarball, files, manifest, name }) {
  /** @type {Sizes} */
  const sizes = {
    tarball: statSync(tarball).size,
    unpacked: [...files.values()].reduce((sum, { length }) => sum + length, 0),
  }
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    const peers = Object.keys(manifest.peerDependencies ?? {})
    const code = `export * from '${name + entry.slice(1)}'`
    sizes[entry] = await bundledSize(join(root, folder), code, peers)
  }
  return sizes
}

/**
 * What a module brings into a page, in bytes, gzipped.
 *
 * @param {string} resolveDir where what it imports is looked for
 * @param {string} contents its code
 * @param {string[]} external packages that do not count
 */
export async function bundledSize(resolveDir, contents, external) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    // What only Node has is imported by statements that a page never reaches.
    external: [...external, 'node:*'],
    // Chunks that are loaded when they are needed count too.
    splitting: true,
    outdir: 'out',
    logLevel: 'silent',
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0)
}

/** A budget is this much above what there was when it was set. */
const margin = 1.1

/** A budget that is this much above what there is says nothing any more. */
const loose = 1.4

/**
 * Budgets for what there is: those that are kept to and not loose stay as they are, the others are set anew, in two digits.
 *
 * @param {Sizes} sizes
 * @param {Sizes | undefined} budgets
 * @returns {Sizes}
 */
export function renewedBudgets(sizes, budgets = {}) {
  return Object.fromEntries(
    Object.entries(sizes).map(([what, size]) => {
      const budget = budgets[what]
      if (budget !== undefined && size <= budget && budget <= loose * size) return [what, budget]
      const unit = 10 ** Math.max(0, Math.floor(Math.log10(size)) - 1)
      return [what, Math.ceil(Math.round(margin * size) / unit) * unit]
    }),
  )
}

/**
 * What does not keep to its budget, or has none, or one that is far too large.
 *
 * @param {Sizes} sizes
 * @param {Sizes | undefined} budgets
 * @returns {string[]}
 */
export function budgetProblems(sizes, budgets = {}) {
  const gone = Object.keys(budgets).filter((what) => !(what in sizes))
  return [
    ...Object.entries(sizes).flatMap(([what, size]) => {
      const budget = budgets[what]
      if (budget === undefined) return [`budgets.json has no row for ${what} (${size} bytes)`]
      if (size > budget) return [`${what} has ${size} bytes; its budget is ${budget}`]
      return budget > loose * size ? [`${what} has ${size} bytes; its budget of ${budget} is far above them`] : []
    }),
    ...gone.map((what) => `budgets.json has a row for ${what}, which does not exist`),
  ]
}
