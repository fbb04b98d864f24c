import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { derived } from './derived.mjs'
import { root } from './turbo.mjs'

test('every script that makes or checks something is there, or is built of one that is', () => {
  for (const { name, make, check } of derived) {
    for (const [script] of [make, ...(check ? [check] : [])]) {
      const source = script!.replace('/dist/', '/src/').replace(/\.js$/, '.ts')
      expect(existsSync(join(root, source)), `${name}: ${script}`).toBe(true)
    }
  }
})

test('CONTRIBUTING.md lists all of it, in order', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const [, part] = /\n## What is made anew\n([\s\S]*?)\n## /.exec(text) ?? []
  expect([...part!.matchAll(/^\| `([a-z]+)`/gm)].map(([, name]) => name)).toEqual(derived.map(({ name }) => name))
})
