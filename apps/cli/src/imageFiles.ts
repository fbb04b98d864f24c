import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { OptionError } from '@resnet-ts/graph'

/** By what images are told from other files of a folder. */
export const imageExtensions: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.gif',
  '.avif',
  '.tif',
  '.tiff',
]

/** Whether a file is an image by its extension. */
export function isImage(file: string): boolean {
  return imageExtensions.includes(extname(file).toLowerCase())
}

/** What lies in a folder. */
export interface FolderEntry {
  readonly name: string
  readonly isFolder: boolean
}

/**
 * What lies in a folder, links followed, in the order of the names; hidden files and folders are passed over.
 *
 * @param expected - what the folder is wanted for
 * @throws {OptionError} when it cannot be read
 */
export async function entriesOf(path: string, expected = 'a folder that can be read'): Promise<FolderEntry[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(path, { withFileTypes: true })
  } catch (cause) {
    throw new OptionError({ subject: `folder '${path}'`, expected, found: describeFailure(cause), cause })
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.'))
  const known = await Promise.all(
    visible.map(async (entry) => {
      // A link to nothing counts as a file, which will be reported as broken.
      const target: Dirent | Stats | undefined = entry.isSymbolicLink()
        ? await stat(join(path, entry.name)).catch(() => undefined)
        : entry
      return { name: entry.name, isFolder: target?.isDirectory() === true }
    }),
  )
  return known.sort((left, right) => (left.name < right.name ? -1 : 1))
}

/**
 * The files of a folder, at any depth.
 *
 * @param folder - its path from `root`, with forward slashes; empty for `root` itself
 * @returns paths from `root`, with forward slashes
 * @throws {OptionError} when a folder cannot be read
 */
export async function filesIn(root: string, folder = ''): Promise<string[]> {
  const files: string[] = []
  for (const { name, isFolder } of await entriesOf(join(root, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`
    if (!isFolder) files.push(path)
    else for (const file of await filesIn(root, path)) files.push(file)
  }
  return files
}

function describeFailure(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'nothing at that path'
    case 'ENOTDIR':
      return 'a file'
    case 'ELOOP':
      return 'links that lead in a circle'
    default:
      return `the failure ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`
  }
}
