/**
 * Writes the binaries as files of their own, for those who compile them themselves, and makes one file of the worker's script and all that it imports, so that a thread starts with one request, and a bundler has
 * one file to put beside a page.
 */

import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

await build({
  input: `${dist}workerScript.js`,
  output: { file: `${dist}worker.js`, minify: true },
  // Also in Node the script asks the running process for what is Node's own.
  platform: 'browser',
  logLevel: 'warn',
})

for (const name of ['simd', 'relaxed', 'simdShared', 'relaxedShared']) {
  const { default: text } = await import(`../dist/generated/${name}.js`)
  await writeFile(`${dist}${name}.wasm`, Buffer.from(text, 'base64'))
}
