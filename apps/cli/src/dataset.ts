import { OptionError } from '@resnet-ts/graph'
import { entriesOf, filesIn, imageExtensions, isImage } from './imageFiles.js'

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

/**
 * Finds the images of a folder of class folders, as torchvision's `ImageFolder` does: at any depth. Hidden files and
 * folders are passed over.
 *
 * @throws {OptionError} when the folder is missing, is none, or holds no images in class folders
 */
export async function readDataset(root: string): Promise<Dataset> {
  const leftOut: string[] = []
  const folders: ClassFolder[] = []
  for (const entry of await entriesOf(root, 'a folder of class folders')) {
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
      advice: `images are told by their extension: ${imageExtensions.join(' ')}`,
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

function unmatched(name: string, labels: readonly string[]): OptionError {
  const shown = labels.slice(0, 20).join(', ')
  return new OptionError({
    subject: `class folder '${name}'`,
    expected: `the name of one of the model's ${labels.length} labels (${shown}${labels.length > 20 ? ', …' : ''})`,
    found: 'none of them',
    advice: 'rename the folder, or give the model that knows this class',
  })
}
