// Writes src/signatures.data.ts, the table by which `recognise` looks models up: build, run this, and build again.
import { writeFileSync } from 'node:fs'
import { makeSignatures } from './dist/makeSignatures.js'

const lines = [...makeSignatures()].map(
  ([hash, entries]) => `  ${hash}: [${entries.map((entry) => `'${entry}'`).join(', ')}],`,
)
const text = `/**
 * The models that have a signature, each with the shortcut where it is not the model's own; the plainest first. Made by
 * makeSignatures.mjs.
 */
export const signatures: Readonly<Record<number, readonly string[]>> = {
${lines.join('\n')}
}
`
writeFileSync(new URL('src/signatures.data.ts', import.meta.url), text)
