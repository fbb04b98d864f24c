import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as exported from './index.js'
import { ops } from './ops/index.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The code of the first fence of a language. */
function fence(language: string): string {
  return readme.split(`\`\`\`${language}\n`)[1]!.split('\n```')[0]!
}

test('the first example prints what the README shows', () => {
  const [, names, code] = /^import \{ (.*) \} from '@resnet-ts\/graph'\n([\s\S]*)$/.exec(fence('ts'))!
  const printed: unknown[] = []
  const run = new Function('graph', 'console', `const { ${names} } = graph\n{${code}\n}`)
  run(exported, { log: (value: unknown) => printed.push(value) })
  expect(printed[0]).toBe(fence('text'))
})

test('the README has a row for every op', () => {
  expect(Object.keys(ops).filter((op) => !readme.includes(`\n| \`${op}\` `))).toEqual([])
})
