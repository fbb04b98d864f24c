import { posix } from 'node:path'
import { text } from './pack.mjs'

/** @typedef {import('./pack.mjs').Packed} Packed */

/** What a package may hold; anything else has strayed into it. */
const expected = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^dist\/.+\.(js|d\.ts|js\.map|d\.ts\.map|wasm)$/,
  /^src\/.+\.ts$/,
  /^assembly\/.+\.(ts|json)$/,
  /^bin\/.+\.js$/,
  /^weights\/.+\.(safetensors|json)$/,
]
/** What only tests and builds need. */
const stray = /\.test\.|\.tsbuildinfo$|\/(testing|fixtures|golden)\//

/**
 * What is wrong with the files of a package: some that are not to be there, some that are missing, maps whose source is neither
 * in them nor beside them.
 *
 * @param {Pick<Packed, 'files' | 'version'>} packed
 * @returns {string[]}
 */
export function contentProblems({ files, version }) {
  const strays = [...files.keys()].filter((path) => stray.test(path) || !expected.some((form) => form.test(path)))
  // `changeset version` writes the first changelog together with the first version.
  const required = ['README.md', 'LICENSE', ...(version === '0.0.0' ? [] : ['CHANGELOG.md'])]
  return [
    ...strays.map((path) => `${path} is not to be published`),
    ...required.filter((path) => !files.has(path)).map((path) => `${path} is missing`),
    ...[...files].flatMap(([path, bytes]) => mapProblems(path, text(bytes), files)),
  ]
}

/**
 * @param {string} path
 * @param {string} content
 * @param {Map<string, unknown>} files
 * @returns {string[]}
 */
function mapProblems(path, content, files) {
  const beside = (/** @type {string} */ name) => posix.join(posix.dirname(path), name)
  if (/\.(js|d\.ts)$/.test(path)) {
    const [, map] = /^\/\/# sourceMappingURL=(\S+)\s*$/m.exec(content) ?? []
    return map && !files.has(beside(map)) ? [`${path} names the map ${map}, which is missing`] : []
  }
  if (!path.endsWith('.map')) return []
  /** @type {{ sources: string[], sourcesContent?: (string | null)[] }} */
  const { sources, sourcesContent } = JSON.parse(content)
  return sources
    .filter((source, index) => !sourcesContent?.[index] && !files.has(beside(source)))
    .map((source) => `${path} is a map of ${source}, which is missing (pnpm clean removes what an earlier build left)`)
}

/**
 * What is wrong with what a package depends on: versions of ours that are not the one that it has itself, and what only a
 * workspace understands.
 *
 * @param {Pick<Packed, 'manifest'>} packed
 * @param {ReadonlySet<string>} ours the names of all public packages
 * @returns {string[]}
 */
export function dependencyProblems({ manifest }, ours) {
  const { version, dependencies, peerDependencies, optionalDependencies } = manifest
  const ranges = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })
  return ranges.flatMap(([name, range]) => {
    if (/^(workspace|link|file|catalog|portal|git|https?):/.test(range)) return [`${name} is asked for as ${range}`]
    if (ours.has(name)) return range === version ? [] : [`${name} is asked for as ${range}, not as ${version}`]
    if (name.startsWith('@resnet-ts/')) return [`${name} is private`]
    // Who installs the package is to get the mended versions of what it depends on.
    return /^\d/.test(range) ? [`${name} is asked for as ${range} and no other`] : []
  })
}
