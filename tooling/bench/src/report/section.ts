import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { OptionError } from '@resnet-ts/graph'

/** A Markdown file, and where in it a section's text is. */
interface Section {
  readonly page: string
  readonly start: number
  readonly stop: number
}

/**
 * The section of a Markdown file between the lines `<!-- bench NAME -->` and `<!-- /bench NAME -->`; to be asked for before
 * anything is measured in vain.
 *
 * @throws {OptionError} when there is no such file, or it has no such section
 */
export function findSection(path: string, name: string): Section {
  const page = readPage(path)
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`]
  const [start, stop] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  if (page.includes(begin) && stop >= start) return { page, start, stop }
  const expected = `the lines ${begin} and ${end}`
  throw new OptionError({ subject: `--write ${path}`, expected, found: 'none', advice: 'add them, or give --section' })
}

/**
 * Puts text in place of what a section holds. The file is replaced as a whole.
 *
 * @throws {OptionError} when there is no such file, or it has no such section
 */
export function writeSection(path: string, name: string, text: string): void {
  const { page, start, stop } = findSection(path, name)
  const temporary = `${path}.partial`
  writeFileSync(temporary, `${page.slice(0, start)}\n\n${text}\n\n${page.slice(stop)}`)
  renameSync(temporary, path)
}

function readPage(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new OptionError({ subject: `--write ${path}`, expected: 'a Markdown file', found: 'none', cause })
  }
}
