import { describe, expect, it } from 'vitest'
import { contentProblems, dependencyProblems } from './contents.mjs'

const encoded = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, content]) => [path, new TextEncoder().encode(content)]))

const map = (source: string, content?: string) =>
  JSON.stringify({ sources: [source], ...(content && { sourcesContent: [content] }) })

const whole = {
  'package.json': '{}',
  'README.md': '# A package',
  LICENSE: 'MIT',
  'dist/index.js': 'export {}\n//# sourceMappingURL=index.js.map\n',
  'dist/index.js.map': map('../src/index.ts'),
  'src/index.ts': 'export {}',
}

describe('the files of a package', () => {
  const problems = (files: Record<string, string>, version = '0.0.0') =>
    contentProblems({ version, files: encoded(files) })

  it('are right when all is there, and nothing else', () => {
    expect(problems(whole)).toEqual([])
    expect(problems({ ...whole, 'CHANGELOG.md': '' }, '1.0.0')).toEqual([])
  })

  it.each([
    'src/index.test.ts',
    'dist/tsconfig.tsbuildinfo',
    'src/testing/app.ts',
    'fixtures/a.json',
    '.env',
    'dist/report.json',
  ])('are not to have %s among them', (path) => {
    expect(problems({ ...whole, [path]: '' })).toEqual([`${path} is not to be published`])
  })

  it('need a changelog from the first version on, a licence and a README', () => {
    const { LICENSE: _, ...unlicensed } = whole
    expect(problems(unlicensed)).toEqual(['LICENSE is missing'])
    expect(problems(whole, '1.0.0')).toEqual(['CHANGELOG.md is missing'])
  })

  it('have the sources of maps, and the maps that are named', () => {
    const { 'src/index.ts': source, ...unsourced } = whole
    expect(problems(unsourced)).toEqual([expect.stringMatching(/^dist\/index.js.map is a map of .*missing/)])
    expect(problems({ ...unsourced, 'dist/index.js.map': map('../src/index.ts', source) })).toEqual([])
    const { 'dist/index.js.map': _, ...unmapped } = whole
    expect(problems(unmapped)).toEqual(['dist/index.js names the map index.js.map, which is missing'])
  })
})

describe('what a package depends on', () => {
  const ours = new Set(['@resnet-ts/graph'])
  const problems = (dependencies: Record<string, string>) =>
    dependencyProblems({ manifest: { name: 'resnet-ts', version: '1.2.0', dependencies } }, ours)

  it('is right when ours has the same version and the rest a range', () => {
    expect(problems({ '@resnet-ts/graph': '1.2.0', fflate: '^0.8.3' })).toEqual([])
  })

  it.each([
    ['@resnet-ts/graph', 'workspace:*', /as workspace:\*/],
    ['@resnet-ts/graph', '1.1.0', /as 1\.1\.0, not as 1\.2\.0/],
    ['@resnet-ts/golden', '0.0.0', /private/],
    ['sharp', '0.35.5', /no other/],
    ['sharp', 'file:../sharp', /as file:/],
  ])('is wrong when %s is asked for as %s', (name, range, problem) => {
    expect(problems({ [name]: range })).toEqual([expect.stringMatching(problem)])
  })
})
