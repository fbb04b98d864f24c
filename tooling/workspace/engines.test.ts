import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packagesOf } from './packages.mjs'
import { root } from './turbo.mjs'

const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The rows of the table of engines in docs/stability.md, by engine. */
const rows = new Map(
  read('docs/stability.md')
    .split('\n## Engines\n')[1]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, engine, versions, tested]) => [engine!, { versions: versions!, tested: tested! }]),
)

/** `20.20`, `22`, `24`. */
const nodes = rows.get('Node')!.versions.split(', ')

test('CI tests every Node of the table, and no other', () => {
  const [, matrix] = /^ +node: \[(.*)\]$/m.exec(read('.github/workflows/ci.yml')) ?? []
  // The oldest is tested in its first release that is supported.
  expect(matrix?.split(', ')).toEqual([`${nodes[0]}.0`, ...nodes.slice(1)])
})

test('other jobs, and releases, are run in a Node of the table', () => {
  const found = readdirSync(join(root, '.github/workflows')).flatMap((file) =>
    [...read(`.github/workflows/${file}`).matchAll(/node-version: (\S+)$/gm)].map(([, version]) => version!),
  )
  const fixed = found.filter((version) => !version.startsWith('$'))
  expect(fixed.length).toBeGreaterThan(0)
  expect(nodes).toEqual(expect.arrayContaining(fixed))
})

test('every package says that it wants the oldest Node of the table, or a later one', () => {
  const manifests = [JSON.parse(read('package.json')), ...packagesOf(root).map(({ manifest }) => manifest)]
  for (const { name, engines } of manifests) expect(engines?.node, name).toBe(`>=${nodes[0]}.0`)
})

test('CONTRIBUTING.md asks for a Node of the table', () => {
  const [, asked] = /All you need is Node ([^,]+, [^,]+), and npm/.exec(read('CONTRIBUTING.md')) ?? []
  expect(asked?.split(/, | or /)).toEqual(nodes)
})

test('consumers are tested with the versions of the table', () => {
  const expected = { deno: ['Deno', '2'], bun: ['Bun', '1.4'], workerd: ['workerd', 'of November 2026'] } as const
  for (const [project, [engine, versions]] of Object.entries(expected)) {
    expect(rows.get(engine), engine).toMatchObject({
      versions,
      tested: expect.stringContaining(`pnpm consumers ${project}`),
    })
    const { devDependencies } = JSON.parse(read(`tooling/consumers/projects/${project}/package.json`))
    // Releases of workerd have their day for a version: 1.20261117.1.
    expect(devDependencies[project], engine).toMatch(versions === 'of November 2026' ? /^1\.202611/ : `${versions}.`)
  }
})
