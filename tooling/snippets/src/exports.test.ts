import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { entriesOfWorkspace, exportsOf, namesIn } from './exports.js'
import { root } from './snippets.js'

const entries = entriesOfWorkspace()

describe('what is exported is documented', () => {
  it.each(entries)('$name in $readme', ({ name, readme, exports }) => {
    const markdown = readFileSync(join(root, readme), 'utf8')
    expect(markdown).toContain(name)
    const documented = namesIn(markdown)
    expect(exports.filter((each) => !documented.has(each))).toEqual([])
  })

  it('of every package that is published', () => {
    const names = entries.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'resnet-ts',
        '@resnet-ts/graph',
        '@resnet-ts/graph/diagram',
        '@resnet-ts/backend-wasm/tfjs',
      ]),
    )
    expect(names.filter((name) => /conformance|golden|cli/.test(name))).toEqual([])
    const { exports } = entries.find(({ name }) => name === '@resnet-ts/zoo')!
    expect(exports).toEqual(expect.arrayContaining(['resnet18', 'findModel', 'ModelOptions']))
  })
})

describe('exportsOf', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exports-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const declare = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }

  it('lists values and types, by the names that others see, and those of files that are passed on', () => {
    declare(
      'other.d.ts',
      'export declare function one(): void\nexport interface Two {}\nexport declare const three: 3\n',
    )
    const file = declare(
      'index.d.ts',
      "export type { A, B as C } from './a.js'\nexport { d } from './d.js'\nexport * from './other.js'\ninterface Hidden {}\n",
    )
    expect(exportsOf(file)).toEqual(['A', 'C', 'd', 'one', 'Two', 'three'])
  })

  it('does not follow what another package would have to tell', () => {
    expect(() => exportsOf(declare('foreign.d.ts', "export * from 'vite'\n"))).toThrow('passes on all of vite')
  })
})

describe('namesIn', () => {
  it('takes names at the beginning of code, not in examples or within it', () => {
    const markdown = 'The `one(two)`, `three` and\n`four.five`.\n\n```ts\nconst a = `six`\n```\n\nseven, `@eight`\n'
    expect([...namesIn(markdown)]).toEqual(['one', 'three', 'four'])
  })
})
