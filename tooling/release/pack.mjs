import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unpack } from '@publint/pack'
import { packagesOf } from '@resnet-ts/workspace/packages.mjs'

const run = promisify(execFile)

/**
 * @typedef {object} Packed a package as it would be published
 * @property {string} name
 * @property {string} version
 * @property {string} folder from the root of the workspace: `packages/graph`
 * @property {string} tarball its path
 * @property {Map<string, Uint8Array>} files by their path in the package
 * @property {PublishedManifest} manifest
 */

/**
 * @typedef {object} PublishedManifest what is read here of a published package.json
 * @property {string} name
 * @property {string} version
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * Packs every public package of the workspace at `root`, as it is built, into the folder `destination`.
 *
 * @param {string} root
 * @param {string} destination
 * @returns {Promise<Packed[]>}
 */
export async function packAll(root, destination) {
  await mkdir(destination, { recursive: true })
  const packed = []
  for (const { folder, manifest } of packagesOf(root)) {
    if (!manifest.private) packed.push(await packOne(root, folder, destination))
  }
  return packed
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} destination
 * @returns {Promise<Packed>}
 */
async function packOne(root, folder, destination) {
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', destination], {
    cwd: join(root, folder),
    maxBuffer: 2 ** 26,
  })
  /** @type {{ filename: string }} */
  const { filename: tarball } = JSON.parse(stdout)
  const { files, rootDir } = await unpack(await readFile(tarball))
  const byPath = new Map(files.map(({ name, data }) => [name.slice(rootDir.length + 1), data]))
  /** @type {PublishedManifest} */
  const manifest = JSON.parse(text(byPath.get('package.json')))
  return { name: manifest.name, version: manifest.version, folder, tarball, files: byPath, manifest }
}

/** @param {Uint8Array | undefined} bytes */
export const text = (bytes) => new TextDecoder().decode(bytes)
