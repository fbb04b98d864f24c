/** Writes every snippet to a file of its own for the type check, on the lines that it has in its Markdown file. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { nameOf, snippetsOfWorkspace } from './snippets.js'

const folder = new URL('../generated/types/', import.meta.url)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const snippet of snippetsOfWorkspace()) {
  // `export {}` makes a module of a snippet without imports, as .mjs files are.
  const text = `${'\n'.repeat(snippet.line - 1)}${snippet.code}export {}\n`
  writeFileSync(new URL(`${nameOf(snippet)}.ts`, folder), text)
}
