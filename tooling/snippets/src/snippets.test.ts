import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformWithOxc } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { withExpectations } from './expectations.js'
import { nameOf, root, type Snippet, snippetsOf, snippetsOfWorkspace } from './snippets.js'

const folder = new URL('../generated/run/', import.meta.url)
/** What an example keeps for the next time is not for that of a reader. */
const cache = new URL('cache/', folder)
const comparing = new URL('../dist/compare.js', import.meta.url)
const timeLimit = 60_000

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
})

/** Runs a snippet as a module of plain Node in the repository's root. What it resolves to is all that it printed. */
async function run(snippet: Snippet): Promise<{ exitCode: number | null; printed: string }> {
  const { code, expected } = withExpectations(snippet.code)
  const file = fileURLToPath(new URL(`${nameOf(snippet)}.mjs`, folder))
  writeFileSync(file, await withoutTypes(snippet, code))
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', comparing.href, file], {
    cwd: root,
    env: { ...process.env, SNIPPET_EXPECTED: JSON.stringify(expected), XDG_CACHE_HOME: fileURLToPath(cache) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeLimit,
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  return { exitCode, printed: exitCode === null ? `${printed}\nended after ${timeLimit / 1000} s` : printed }
}

/** JavaScript, with a source map that leads errors back to the lines of the Markdown file. */
async function withoutTypes({ file, line }: Snippet, code: string): Promise<string> {
  const { code: plain, map } = await transformWithOxc('\n'.repeat(line - 1) + code, file, {
    lang: 'ts',
    sourcemap: true,
  })
  const json = JSON.stringify({ ...map, sources: [root + file] })
  return `${plain}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}\n`
}

describe('the examples of the documentation', () => {
  for (const snippet of snippetsOfWorkspace()) {
    const name = `${snippet.file}:${snippet.line}`
    if (snippet.run === 'page') it.skip(`${name} (skipped: needs a page; its types are checked)`, () => {})
    else if (snippet.run === 'no-run')
      it.skip(`${name} (skipped: not meant to be run; its types are checked)`, () => {})
    else
      it(
        name,
        async () => {
          const { exitCode, printed } = await run(snippet)
          expect(exitCode, `${name} printed:\n${printed}`).toBe(0)
        },
        timeLimit + 10_000,
      )
  }
})

describe('a snippet', () => {
  const snippet = (code: string): Snippet => ({ file: 'made-up.md', line: 3, code, run: 'node' })

  it('passes when it prints what its comments say', async () => {
    const code = `const sum: number = 1 + 1\nconsole.log(sum, 'two') // 2 two: and why\nconsole.log({ sum })\n`
    expect(await run(snippet(code))).toEqual({ exitCode: 0, printed: '2 two\n{ sum: 2 }\n' })
  })

  it('fails when it prints something else, and says on which line', async () => {
    const { exitCode, printed } = await run(snippet('console.log(1)\n\nconsole.log(1 + 1) // 3\n'))
    expect(exitCode).toBe(1)
    expect(printed).toContain('expected to print: 3\nprinted: 2')
    expect(printed).toContain('made-up.md:5')
  })

  it('fails when it does not get to print', async () => {
    const { exitCode, printed } = await run(snippet('if (Math.PI > 4) {\n  console.log(1) // 1\n}\n'))
    expect({ exitCode, printed }).toEqual({ exitCode: 1, printed: 'never printed: 1\n' })
  })

  it('fails when it throws', async () => {
    const { exitCode } = await run(snippet(`await Promise.reject(new Error('no'))\n`))
    expect(exitCode).toBe(1)
  })

  it('says how it is run behind its language, or is refused', () => {
    const markdown = '```ts\n1\n```\n```ts page\n2\n```\n```ts no-run\n3\n```\n```js\n4\n```\n'
    expect(snippetsOf('a.md', markdown).map(({ line, run }) => [line, run])).toEqual([
      [2, 'node'],
      [5, 'page'],
      [8, 'no-run'],
    ])
    expect(() => snippetsOf('a.md', 'text\n```ts norun\n```\n')).toThrow('a.md:2: expected')
  })
})
