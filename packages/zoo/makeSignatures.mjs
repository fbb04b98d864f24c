/**
 * Writes src/signatures.data.ts, the table by which `recognise` looks models up: build, run this, and build again.
 *
 * `--check`: changes nothing, and fails where it is not that of the models.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { makeSignatures } from './dist/makeSignatures.js'

const file = new URL('src/signatures.data.ts', import.meta.url)
/** In Biome's format, so that what is written stays as it is. */
const lines = [...makeSignatures()].map(([hash, entries]) => {
  const quoted = entries.map((entry) => `'${entry}'`)
  const line = `  ${hash}: [${quoted.join(', ')}],`
  return line.length <= 120 ? line : [`  ${hash}: [`, ...quoted.map((entry) => `    ${entry},`), '  ],'].join('\n')
})
const text = `/**
 * The models that have a signature, each with the shortcut where it is not the model's own; the plainest first. Made by
 * makeSignatures.mjs.
 */
export const signatures: Readonly<Record<number, readonly string[]>> = {
${lines.join('\n')}
}
`
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('src/signatures.data.ts is not the table of the models.')
  process.exitCode = 1
}
