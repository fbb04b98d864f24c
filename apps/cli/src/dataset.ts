import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { OptionError } from '@resnet-ts/graph'

/** A folder of images of one class. */
export interface ClassFolder {
  readonly name: string
  /** Paths from the folder of class folders, with forward slashes, in the order of their names. */
  readonly files: readonly string[]
}

/** What a folder of class folders holds. */
export interface Dataset {
  /** In the order of their names. */
  readonly folders: readonly ClassFolder[]
  /** Files that are no images by their extension, or lie in no class folder. */
  readonly leftOut: readonly string[]
}

/** An image, and what it shows. */
export interface Sample {
  /** Its path from the folder of class folders, with forward slashes. */
  readonly file: string
  /** The place of its class among the labels. */
  readonly classIndex: number
}

const extensions = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.avif', '.tif', '.tiff'])

/**
 * Finds the images of a folder of class folders, as torchvision's `ImageFolder` does: at any depth. Hidden files and
 * folders are passed over.
 *
 * @throws {OptionError} when the folder is missing, is none, or holds no images in class folders
 */
export async function readDataset(root: string): Promise<Dataset> {
  const leftOut: string[] = []
  const folders: ClassFolder[] = []
  for (const entry of await entriesOf(root, root)) {
    if (!entry.isFolder) {
      leftOut.push(entry.name)
      continue
    }
    const files: string[] = []
    for (const file of await filesIn(root, entry.name)) (isImage(file) ? files : leftOut).push(file)
    folders.push({ name: entry.name, files })
  }
  if (folders.length === 0) {
    const flat = leftOut.some(isImage)
    throw new OptionError({
      subject: `folder '${root}'`,
      expected: 'a folder of images for each class',
      found: flat ? 'images, but no folders' : 'no folders',
      advice: flat ? 'put them into folders named as their labels, or use resnet classify' : undefined,
    })
  }
  if (folders.every(({ files }) => files.length === 0)) {
    throw new OptionError({
      subject: `folder '${root}'`,
      expected: 'images in its class folders',
      found: `none in ${folders.map(({ name }) => `'${name}'`).join(', ')}`,
      advice: `images are told by their extension: ${[...extensions].join(' ')}`,
    })
  }
  return { folders, leftOut }
}

/**
 * Matches folders to labels by name: as they are, else whatever the capitals. The samples come in the order of the
 * labels.
 *
 * @throws {OptionError} naming a folder that has the name of no label
 */
export function matchLabels(folders: readonly ClassFolder[], labels: readonly string[]): Sample[] {
  const indices = new Map<string, number>()
  const add = (name: string, index: number) => indices.has(name) || indices.set(name, index)
  for (const [index, label] of labels.entries()) add(label, index)
  for (const [index, label] of labels.entries()) add(label.toLowerCase(), index)
  return folders
    .map(({ name, files }) => {
      const classIndex = indices.get(name) ?? indices.get(name.toLowerCase())
      if (classIndex === undefined) throw unmatched(name, labels)
      return { classIndex, files }
    })
    .sort((left, right) => left.classIndex - right.classIndex)
    .flatMap(({ classIndex, files }) => files.map((file) => ({ file, classIndex })))
}

interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/** What lies in a folder, links followed, in the order of the names. */
async function entriesOf(root: string, path: string): Promise<Entry[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(path, { withFileTypes: true })
  } catch (cause) {
    throw new OptionError({
      subject: `folder '${path}'`,
      expected: path === root ? 'a folder of class folders' : 'a folder that can be read',
      found: describeFailure(cause),
      cause,
    })
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

async function filesIn(root: string, folder: string): Promise<string[]> {
  const files: string[] = []
  for (const { name, isFolder } of await entriesOf(root, join(root, folder))) {
    const path = `${folder}/${name}`
    if (isFolder) files.push(...(await filesIn(root, path)))
    else files.push(path)
  }
  return files
}

function isImage(file: string): boolean {
  return extensions.has(extname(file).toLowerCase())
}

function unmatched(name: string, labels: readonly string[]): OptionError {
  const shown = labels.slice(0, 20).join(', ')
  return new OptionError({
    subject: `class folder '${name}'`,
    expected: `the name of one of the model's ${labels.length} labels (${shown}${labels.length > 20 ? ', …' : ''})`,
    found: 'none of them',
    advice: 'rename the folder, or give the model that knows this class',
  })
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
