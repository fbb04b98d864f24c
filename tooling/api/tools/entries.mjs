import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} PublicPackage
 * @property {string} folder
 * @property {string} manifest its path
 * @property {string} name
 * @property {{ name: string, types: string }[]} entries each by what is imported, `@resnet-ts/graph/floats`, and its declarations
 */

/** How the declarations are read that are published. */
export const compilerOptions = {
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: [],
  strict: true,
  skipLibCheck: true,
}

/**
 * @param {string} root of the workspace
 * @returns {PublicPackage[]}
 */
export function publicPackages(root) {
  const packages = join(root, 'packages')
  return readdirSync(packages).flatMap((folderName) => {
    const folder = join(packages, folderName)
    const manifest = join(folder, 'package.json')
    const { name, private: hidden, exports } = JSON.parse(readFileSync(manifest, 'utf8'))
    if (hidden) return []
    const entries = Object.entries(exports).flatMap(([entry, target]) =>
      typeof target === 'string' ? [] : [{ name: join(name, entry), types: join(folder, target.types) }],
    )
    return [{ folder, manifest, name, entries }]
  })
}
