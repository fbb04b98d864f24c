import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entriesOfWorkspace } from './exports.js'
import { headingsOf, leads, linksOf } from './links.js'
import { markdownFiles, root } from './snippets.js'

const read = (file: string) => readFileSync(`${root}${file}`, 'utf8')
const files = markdownFiles()

describe('links into the repository', () => {
  it.each(files)('of %s lead somewhere', (file) => {
    const broken = linksOf(file, read(file)).filter((link) => !leads(link))
    expect(broken.map(({ written }) => written)).toEqual([])
  })

  it('are many', () => {
    expect(files.flatMap((file) => linksOf(file, read(file))).length).toBeGreaterThan(100)
  })
})

it.each([...new Set(entriesOfWorkspace().map(({ readme }) => readme))])('%s names a guide', (readme) => {
  const paths = linksOf(readme, read(readme)).map(({ path }) => path)
  expect(paths.some((path) => path.startsWith('docs/guides/') || path === 'docs/your-own-block.md')).toBe(true)
})

it('are found relative, absolute and in pictures, and not in code', () => {
  const text = [
    '[a](../b.md#some-thing) [`c`](https://github.com/resnet-ts/resnet-ts/blob/main/docs/d.md) [e](https://else.where/)',
    '`[f](g.md)` <img src="h.webp" /> [i](#here)',
    '```md\n[j](k.md)\n```',
  ].join('\n\n')
  expect(linksOf('docs/a/README.md', text).map(({ path, heading }) => [path, heading])).toEqual([
    ['docs/b.md', 'some-thing'],
    ['docs/d.md', undefined],
    ['docs/a/README.md', 'here'],
    ['docs/a/h.webp', undefined],
  ])
})

it('a link to a file or a heading that is not there leads nowhere', () => {
  const link = { written: '', path: 'README.md', heading: undefined }
  expect(leads(link)).toBe(true)
  expect(leads({ ...link, heading: 'where-things-are' })).toBe(true)
  expect(leads({ ...link, heading: 'where-they-are-not' })).toBe(false)
  expect(leads({ ...link, path: 'READ.md' })).toBe(false)
})

it('headings are called as GitHub calls them', () => {
  expect([...headingsOf("# Of `load`, and what's in it\n```sh\n# no heading\n```\n## Second")]).toEqual([
    'of-load-and-whats-in-it',
    'second',
  ])
})
