/**
 * What a snippet is started with (`node --import`): the function that its commented `console.log` calls became. The comments
 * come in the environment; a difference, or a comment that nothing was printed for, fails the process.
 */

import { format } from 'node:util'
import { announces } from './expectations.js'

const expected: string[] = JSON.parse(process.env.SNIPPET_EXPECTED ?? '[]')
const pending = new Set(expected.keys())

function compareLog(index: number) {
  return (...values: unknown[]): void => {
    const printed = format(...values)
    console.log(printed)
    pending.delete(index)
    const comment = expected[index] ?? ''
    if (!announces(comment, printed)) throw new Error(`expected to print: ${comment}\nprinted: ${printed}`)
  }
}

Object.assign(globalThis, { compareLog })

process.on('exit', (code) => {
  if (code !== 0 || pending.size === 0) return
  console.error([...pending].map((index) => `never printed: ${expected[index]}`).join('\n'))
  process.exitCode = 1
})
