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
    sizes[entry] = await bundledSize(join(root, folder), name + entry.slice(1), peers)
  }
  return sizes
}

/**
 * @param {string} resolveDir
 * @param {string} specifier
 * @param {string[]} external
 */
async function bundledSize(resolveDir, specifier, external) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${specifier}'`, resolveDir },
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

/**
 * What does not keep to its budget, or has none.
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
      return size > budget ? [`${what} has ${size} bytes; its budget is ${budget}`] : []
    }),
    ...gone.map((what) => `budgets.json has a row for ${what}, which does not exist`),
  ]
}
