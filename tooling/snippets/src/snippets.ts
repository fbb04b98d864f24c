import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fencesOf } from './fences.js'

/** The repository's root, in which snippets run. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** An example of the documentation: a fence of TypeScript. All are type-checked. */
export interface Snippet {
  /** From the root, with forward slashes. */
  readonly file: string
  /** The line of the file on which it begins, counted from 1. */
  readonly line: number
  readonly code: string
  /**
   * How it is tried beyond its types: 'node' runs it there; 'page' needs a browser; 'no-run' shows what cannot be had here, a
   * file of the reader's own for instance. The latter two stand behind `ts` in the fence.
   */
  readonly run: 'node' | 'page' | 'no-run'
}

/** Every example of the Markdown files that someone reads: of the root, the packages, and docs. */
export function snippetsOfWorkspace(): Snippet[] {
  return markdownFiles().flatMap((file) => snippetsOf(file, readFileSync(`${root}${file}`, 'utf8')))
}

/** @throws {Error} when a fence of TypeScript says something else than how it is run */
export function snippetsOf(file: string, markdown: string): Snippet[] {
  return fencesOf(markdown)
    .filter(({ info }) => info[0] === 'ts')
    .map(({ line, info, code }) => {
      const run = info[1] ?? 'node'
      if (info.length > 2 || (run !== 'node' && run !== 'page' && run !== 'no-run'))
        throw new Error(
          `${file}:${line - 1}: expected \`ts\`, \`ts page\` or \`ts no-run\`, found \`${info.join(' ')}\``,
        )
      return { file, line, code, run }
    })
}

/** The name of the file that a snippet is written to, without an ending. */
export function nameOf({ file, line }: Snippet): string {
  return `${file.replace(/\.md$/, '').replaceAll('/', '-')}-${line}`
}

/** Every Markdown file that someone reads, from the root. */
export function markdownFiles(): string[] {
  const readmes = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    filesIn(parent).map((name) => `${parent}/${name}/README.md`),
  )
  const docs = filesIn('docs', true).map((name) => `docs/${name}`)
  const top = filesIn('.').filter((name) => name.endsWith('.md'))
  return [...top, ...readmes, ...docs].filter((file) => file.endsWith('.md') && existsSync(`${root}${file}`)).sort()
}

function filesIn(folder: string, recursive = false): string[] {
  if (!existsSync(`${root}${folder}`)) return []
  return readdirSync(`${root}${folder}`, { recursive }).map((name) => `${name}`.replaceAll('\\', '/'))
}
