import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OptionError } from '@resnet-ts/graph'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findSection, writeSection } from './section.js'

let folder: string
let path: string
const page = '# Performance\n\n<!-- bench races -->\n<!-- /bench races -->\n\nThe end.\n'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resnet-bench-'))
  path = join(folder, 'page.md')
  writeFileSync(path, page)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a section is written, and written again', () => {
  writeSection(path, 'races', 'old')
  writeSection(path, 'races', 'new')
  expect(readFileSync(path, 'utf8')).toBe(
    '# Performance\n\n<!-- bench races -->\n\nnew\n\n<!-- /bench races -->\n\nThe end.\n',
  )
  expect(readdirSync(folder)).toEqual(['page.md'])
})

test('a section that is not there is refused, and nothing is touched', () => {
  expect(() => findSection(path, 'kernels')).toThrow(OptionError)
  expect(() => writeSection(path, 'kernels', 'text')).toThrow('<!-- bench kernels -->')
  expect(readFileSync(path, 'utf8')).toBe(page)
})

test('a file that is not there is refused', () => {
  expect(() => findSection(join(folder, 'none.md'), 'races')).toThrow(OptionError)
})

test.each(['races', 'kernels'])('docs/performance.md has the section %s', (name) => {
  const performance = new URL('../../../../docs/performance.md', import.meta.url).pathname
  expect(findSection(performance, name).page).toContain('# Performance')
})
