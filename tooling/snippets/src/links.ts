import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { root } from './snippets.js'

/** Where READMEs that are read outside of the repository find its files. */
const repository = 'https://github.com/resnet-ts/resnet-ts/blob/main/'

/** A link into the repository: the file it leads to, from the root, and the heading in it. */
export interface Link {
  readonly written: string
  readonly path: string
  readonly heading: string | undefined
}

/** The links and pictures of a Markdown text that lead into the repository. */
export function linksOf(file: string, markdown: string): Link[] {
  const text = withoutCode(markdown)
  const written = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/<img src="([^"]+)"/g)].map(([, to]) => to!)
  return written.flatMap((to) => {
    const within = to.startsWith(repository)
    if (!within && /^[a-z]+:/.test(to)) return []
    const [path = '', heading] = (within ? to.slice(repository.length) : to).split('#')
    const full = within ? path : path === '' ? file : posix.join(posix.dirname(file), path)
    return [{ written: to, path: full, heading }]
  })
}

/** Whether a link leads somewhere. */
export function leads({ path, heading }: Link): boolean {
  const file = `${root}${path}`
  if (!existsSync(file)) return false
  return heading === undefined || headingsOf(readFileSync(file, 'utf8')).has(heading)
}

/** The names that GitHub gives to the headings of a Markdown text. */
export function headingsOf(markdown: string): ReadonlySet<string> {
  const headings = [...withoutFences(markdown).matchAll(/^#+ +(.*)$/gm)].map(([, heading]) => heading!)
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replaceAll(/`[^`\n]*`(?!\])/g, '')
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^ *(`{3,}|~{3,}).*?^ *\1/gms, '')
}
