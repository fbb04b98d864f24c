import { join } from 'node:path'
import { packagesOf } from './packages.mjs'

/**
 * Where the layer check finds a package's public entries: in its source, so that nothing has to be built first and cycles are
 * seen across packages. An entry that `exports` does not name has no alias and stays unresolved, which the check rejects.
 *
 * @param {string} root
 * @returns {Record<string, string>} aliases for the resolver; the `$` asks for the whole name
 */
function sourcesOfEntries(root) {
  /** @type {Record<string, string>} */
  const aliases = {}
  for (const { folder, manifest } of packagesOf(root)) {
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      const file = typeof target === 'string' ? target : (target.default ?? '')
      const source = /^\.\/dist\/(.+)\.js$/.exec(file)?.[1]
      if (source) aliases[`${manifest.name}${entry.slice(1)}$`] = join(root, folder, 'src', `${source}.ts`)
    }
  }
  return aliases
}

// In the shape of a webpack configuration, which is what dependency-cruiser reads aliases from.
export default { resolve: { alias: sourcesOfEntries(process.cwd()) } }
