import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as zoo from '@resnet-ts/zoo'
import { models } from '@resnet-ts/zoo'
import { type OutputChunk, rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const entry = 'entry.js'

/** The code that a page loads at once: the entry, and the chunks it imports by statement. */
async function loadedAtOnce(code: string): Promise<string> {
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `${import.meta.dirname}/${entry}` : undefined),
        load: (id) => (id.endsWith(`/${entry}`) ? code : undefined),
      },
    ],
  })
  const { output } = await build.generate({ format: 'esm', comments: false })
  await build.close()
  const chunks = new Map(
    output.filter((file): file is OutputChunk => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  )
  const reached = new Set<string>()
  const follow = (name: string) => {
    if (reached.has(name)) return
    reached.add(name)
    for (const next of chunks.get(name)?.imports ?? []) if (chunks.has(next)) follow(next)
  }
  follow([...chunks.values()].find(({ isEntry }) => isEntry)!.fileName)
  return [...reached].map((name) => chunks.get(name)!.code).join('\n')
}

const namesIn = (code: string) => {
  const words = new Set(code.match(/\w+/g))
  return [...models.keys()].filter((name) => words.has(name))
}

/** The names of the rows that stand in the same file of the zoo: bundlers keep a file together. */
function family(name: string): string[] {
  const rows = fileURLToPath(new URL('../../zoo/src/rows/plain.ts', import.meta.url))
  const names = namesIn(readFileSync(rows, 'utf8'))
  expect(names).toContain(name)
  return names
}

test('load with a function of the zoo brings its family alone at once, and no table of names', async () => {
  const code = await loadedAtOnce(
    "import { load } from 'resnet-ts'\nimport { resnet18 } from '@resnet-ts/zoo'\nexport const model = load(resnet18)\n",
  )
  expect(namesIn(code).filter((name) => name !== 'cifar_resnet20')).toEqual(
    family('resnet18').filter((name) => name in zoo),
  )
  // The last is of what measures backends.
  const foreign = ['a name of the zoo', 'IMAGENET1K', 'tench', 'resnet-ts-fastest']
  expect(foreign.filter((word) => code.includes(word))).toEqual([])
})
