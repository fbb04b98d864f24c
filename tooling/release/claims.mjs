import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundledSize } from './sizes.mjs'

/**
 * @typedef {object} Claim a size that a README gives, in kB of 1000 bytes
 * @property {string} file from the root
 * @property {RegExp} words the words around the number, which they capture
 * @property {(root: string) => Promise<number>} measure what there is, in bytes
 */

/** @type {readonly Claim[]} */
const claims = [
  {
    file: 'packages/backend-wasm/README.md',
    words: /binaries, some (\d+) kB gzip each/,
    async measure(root) {
      const names = ['simd', 'relaxed', 'simdShared', 'relaxedShared']
      const files = names.map((name) => readFile(join(root, 'packages/backend-wasm/dist', `${name}.wasm`)))
      return Math.max(...(await Promise.all(files)).map((bytes) => gzipSync(bytes).length))
    },
  },
  {
    file: 'packages/zoo/README.md',
    words: /`resnet18` with all it needs is some (\d+) kB gzip/,
    measure: (root) => bundledSize(join(root, 'packages/zoo'), "export { resnet18 } from '@resnet-ts/zoo'", []),
  },
  {
    file: 'packages/pretrained-cifar10-resnet20/README.md',
    words: /(\d+) kB in half precision/,
    async measure(root) {
      const file = 'packages/pretrained-cifar10-resnet20/weights/cifar10-resnet20.safetensors'
      return (await readFile(join(root, file))).length
    },
  },
]

/** How far what is written may be from what there is, as a share of it. */
const tolerance = 0.1

/**
 * What is wrong with the sizes that READMEs give.
 *
 * @param {string} root of the workspace, as it is built
 * @returns {Promise<string[]>}
 */
export async function claimProblems(root) {
  const found = claims.map(async ({ file, words, measure }) =>
    claimProblem(file, await readFile(join(root, file), 'utf8'), words, await measure(root)),
  )
  return (await Promise.all(found)).flat()
}

/**
 * @param {string} file
 * @param {string} text of it
 * @param {RegExp} words
 * @param {number} bytes what there is
 * @returns {string[]}
 */
export function claimProblem(file, text, words, bytes) {
  const written = words.exec(text.replace(/\s+/g, ' '))?.[1]
  if (written === undefined) return [`${file} gives no size by the words ${words}`]
  if (Math.abs(1000 * Number(written) - bytes) <= tolerance * bytes) return []
  return [`${file} says ${written} kB where there are ${(bytes / 1000).toFixed(1)} (${words})`]
}
