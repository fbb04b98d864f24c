import { readFile } from 'node:fs/promises'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** @typedef {import('./pack.mjs').Packed} Packed */

/**
 * What publint has to say of a package, suggestions included.
 *
 * @param {Packed} packed
 * @returns {Promise<string[]>}
 */
export async function publintProblems({ tarball, manifest }) {
  const bytes = await readFile(tarball)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true })
  return messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false }) ?? message.code}`)
}

/** Resolutions under which the packages are to have types: those of Node's modules and of bundlers. */
const supported = new Set(['node16-esm', 'bundler'])

/**
 * What Are The Types Wrong finds, of the resolutions that this project supports. Entries that are no modules (binaries, weights,
 * JSON) have no types to check, nor has the worker's script, which nobody imports.
 *
 * @param {Packed} packed
 * @returns {Promise<string[]>}
 */
export async function typesProblems({ tarball, manifest }) {
  const typed = Object.entries(manifest.exports ?? {}).filter(([, target]) => typeof target !== 'string')
  if (typed.length === 0) return []
  const entrypoints = typed.map(([entry]) => entry)
  const result = await checkPackage(createPackageFromTarballData(await readFile(tarball)), { entrypoints })
  if (result.types === false) return ['attw: there are no types']
  return result.problems
    .filter((problem) => !('resolutionKind' in problem) || supported.has(problem.resolutionKind))
    .map((problem) => `attw: ${JSON.stringify(problem)}`)
}
