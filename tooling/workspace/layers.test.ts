import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const modules = new URL('../../node_modules/', import.meta.url)
const executable = fileURLToPath(new URL('dependency-cruiser/bin/dependency-cruise.mjs', modules))
const config = fileURLToPath(new URL('layers.mjs', import.meta.url))

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A package of the small workspaces below, with dependencies and development dependencies of ours by name. */
function manifest(name: string, dependencies: string[] = [], devDependencies: string[] = []): string {
  const versions = (names: string[]) => Object.fromEntries(names.map((other) => [other, 'workspace:*']))
  return JSON.stringify({
    name,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  })
}

/** Writes a workspace, links its packages as pnpm does, and returns what the check says of it, a line a violation. */
function check(files: Record<string, string>): { status: number | null; violations: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'layers-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    if (!path.endsWith('/package.json')) continue
    const link = join(root, 'node_modules', JSON.parse(text).name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, dirname(path)), link, 'junction')
  }
  const parents = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, '--config', config, ...parents], {
    cwd: root,
    encoding: 'utf8',
  })
  // The cycle's further stations stand on lines of their own.
  const text = stdout.replaceAll(/ →\s*\n\s+/g, ' → ')
  const violations = [...text.matchAll(/^ {2}error (.+?) *$/gm)].map((match) => match[1] ?? '')
  if (status !== 0 && violations.length === 0) throw new Error(stdout + stderr)
  return { status, violations: violations.sort() }
}

/** Three packages in good order; cases add what is wrong. */
const sound = {
  'packages/graph/package.json': manifest('@resnet-ts/graph'),
  'packages/graph/src/index.ts': `export { build } from './build.js'\n`,
  'packages/graph/src/build.ts': `import { sep } from 'node:path'\nexport const build = () => sep\nexport type Graph = string\n`,
  'packages/blocks/package.json': manifest('@resnet-ts/blocks', ['@resnet-ts/graph']),
  'packages/blocks/src/index.ts': `import { build } from '@resnet-ts/graph'\nexport const block = () => build()\n`,
  'packages/blocks/src/index.test.ts': `import { golden } from '@resnet-ts/golden'\nimport './index.js'\ngolden()\n`,
  'tooling/golden/package.json': manifest('@resnet-ts/golden'),
  'tooling/golden/src/index.ts': 'export const golden = () => 1\n',
}

describe('the layer check', () => {
  it('passes a workspace in good order', () => {
    expect(check(sound)).toEqual({ status: 0, violations: [] })
  })

  it('rejects an upward import, of a value and of a type', () => {
    const found = check({
      ...sound,
      'packages/graph/package.json': manifest('@resnet-ts/graph', ['@resnet-ts/blocks']),
      'packages/graph/src/value.ts': `import { other } from '@resnet-ts/weights'\nother()\n`,
      'packages/graph/src/type.ts': `import type { Other } from '@resnet-ts/weights'\nexport type Mine = Other\n`,
      'packages/graph/src/inline.ts': `export type Mine = import('@resnet-ts/weights').Other\n`,
      'packages/graph/src/lazy.ts': `export const other = () => import('@resnet-ts/weights')\n`,
      'packages/graph/src/some.test.ts': `import '@resnet-ts/weights'\n`,
      'packages/weights/package.json': manifest('@resnet-ts/weights'),
      'packages/weights/src/index.ts': 'export const other = () => 1\nexport type Other = string\n',
    })
    expect(found.violations).toEqual([
      'layer-packages/graph-tests: packages/graph/src/some.test.ts → packages/weights/src/index.ts',
      ...['inline', 'lazy', 'type', 'value'].map(
        (name) => `layer-packages/graph: packages/graph/src/${name}.ts → packages/weights/src/index.ts`,
      ),
      ...['inline', 'lazy', 'type', 'value'].map(
        (name) => `undeclared-packages/graph: packages/graph/src/${name}.ts → packages/weights/src/index.ts`,
      ),
    ])
    expect(found.status).not.toBe(0)
  })

  it('rejects a backend that imports another', () => {
    const found = check({
      ...sound,
      'packages/backend-one/package.json': manifest('@resnet-ts/backend-one', ['@resnet-ts/backend-reference']),
      'packages/backend-one/src/index.ts': `import '@resnet-ts/backend-reference'\n`,
      'packages/backend-reference/package.json': manifest('@resnet-ts/backend-reference'),
      'packages/backend-reference/src/index.ts': 'export const reference = 1\n',
    })
    expect(found.violations).toEqual([
      'layer-packages/backend-one: packages/backend-one/src/index.ts → packages/backend-reference/src/index.ts',
    ])
    expect(found.status).not.toBe(0)
  })

  it('keeps TensorFlow.js out of the engine, and lets its other entry have it', () => {
    const found = check({
      ...sound,
      'packages/backend-tfjs/package.json': manifest('@resnet-ts/backend-tfjs'),
      'packages/backend-tfjs/src/index.ts': 'export const tfjs = 1\n',
      'packages/backend-wasm/package.json': manifest('@resnet-ts/backend-wasm', ['@resnet-ts/backend-tfjs']),
      'packages/backend-wasm/src/tfjs.ts': `export { tfjs } from '@resnet-ts/backend-tfjs'\n`,
      'packages/backend-wasm/src/index.ts': `import './tfjs.js'\n`,
    })
    expect(found.violations.map((violation) => violation.split(' → ')[0])).toEqual([
      'engine-without-tfjs: packages/backend-wasm/src/index.ts',
    ])
    expect(found.status).not.toBe(0)
  })

  it('rejects every way into the files of another package', () => {
    const found = check({
      ...sound,
      'packages/blocks/src/path.ts': `import '../../graph/src/build.js'\n`,
      'packages/blocks/src/name.ts': `import '@resnet-ts/graph/src/build.js'\n`,
      'packages/blocks/src/dist.ts': `import '@resnet-ts/graph/dist/index.js'\n`,
      'packages/graph/dist/index.js': 'export {}\n',
    })
    expect(found.violations).toEqual([
      'deep-import: packages/blocks/src/path.ts → packages/graph/src/build.ts',
      'unresolvable: packages/blocks/src/dist.ts → @resnet-ts/graph/dist/index.js',
      'unresolvable: packages/blocks/src/name.ts → @resnet-ts/graph/src/build.js',
    ])
    expect(found.status).not.toBe(0)
  })

  it('rejects a cycle, of types too', () => {
    const found = check({
      ...sound,
      'packages/graph/src/a.ts': `import { b } from './b.js'\nexport const a = () => b\n`,
      'packages/graph/src/b.ts': `import type { a } from './a.js'\nexport const b = 1\nexport type A = typeof a\n`,
    })
    expect(found.violations.length).toBeGreaterThan(0)
    expect(found.violations[0]).toMatch(/^cycle: packages\/graph\/src\/[ab]\.ts → packages\/graph\/src\/[ab]\.ts/)
    expect(found.status).not.toBe(0)
  })

  it('rejects what who installs the package would not have', () => {
    const found = check({
      ...sound,
      'packages/blocks/package.json': manifest('@resnet-ts/blocks', [], ['@resnet-ts/graph', 'left-pad']),
      'packages/blocks/src/pad.ts': `import 'left-pad'\n`,
      'packages/blocks/src/pad.test.ts': `import 'left-pad'\nimport 'nowhere-declared'\nimport 'nowhere'\n`,
      'packages/blocks/src/testing/pads.ts': `import 'left-pad'\n`,
      'packages/blocks/src/borrow.ts': `import './pad.test.js'\nimport './testing/pads.js'\n`,
      'node_modules/left-pad/index.js': 'export {}\n',
      'node_modules/nowhere-declared/index.js': 'export {}\n',
    })
    expect(found.violations).toEqual([
      'development-only: packages/blocks/src/pad.ts → node_modules/left-pad/index.js',
      'test-as-library: packages/blocks/src/borrow.ts → packages/blocks/src/pad.test.ts',
      'test-as-library: packages/blocks/src/borrow.ts → packages/blocks/src/testing/pads.ts',
      'undeclared-packages/blocks: packages/blocks/src/index.ts → packages/graph/src/index.ts',
      'undeclared: packages/blocks/src/pad.test.ts → node_modules/nowhere-declared/index.js',
      'unresolvable: packages/blocks/src/pad.test.ts → nowhere',
    ])
    expect(found.status).not.toBe(0)
  })

  it('rejects a test that drives a browser under another name', () => {
    const launch = `export const launch = () => import('playwright-core')\n`
    const found = check({
      ...sound,
      'packages/blocks/package.json': manifest('@resnet-ts/blocks', ['@resnet-ts/graph'], ['playwright-core']),
      'packages/blocks/src/testing/chromium.ts': launch,
      'packages/blocks/src/browser.test.ts': `import './testing/chromium.js'\n`,
      'packages/blocks/src/page.browser.test.ts': `import './testing/chromium.js'\n`,
      'packages/blocks/src/page.test.ts': `import './testing/chromium.js'\n`,
      'node_modules/playwright-core/index.js': 'export {}\n',
    })
    expect(found.violations.map((violation) => violation.split(' → ')[0])).toEqual([
      'browser-test: packages/blocks/src/page.test.ts',
    ])
    expect(found.status).not.toBe(0)
  })

  it('rejects a package that has no layer', () => {
    const files = { ...sound, 'packages/other/package.json': manifest('@resnet-ts/other') }
    expect(() => check(files)).toThrow('packages/other has no row in tooling/workspace/layers.mjs')
  })
})
