import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { backendFor, goldenCommand } from './command.js'

process.exitCode = await goldenCommand(process.argv.slice(2), {
  print: (text) => console.log(text),
  report: (text) => console.error(text),
  save: (page) => writeFileSync(new URL('../../../../docs/golden.md', import.meta.url), page),
  backendFor,
})
