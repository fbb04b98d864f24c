import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OptionError } from '@resnet-ts/graph'
import { longestNameBytes } from './embeddings/embedding.js'
import { filesIn, imageExtensions, isImage } from './imageFiles.js'

/** An image to be read. */
export interface ImageFile {
  /** What it is called in results. */
  readonly name: string
  /** Its path or URL. */
  readonly source: string
}

/** The images that arguments of the command line stand for. */
export interface Images {
  /** In the order of their names, each once. */
  readonly files: readonly ImageFile[]
  /** The folder that the names start from. */
  readonly base: string
  /** Files that are no images by their extension. */
  readonly leftOut: readonly string[]
}

/**
 * Finds images: those that are named, and those of folders, at any depth. They are called by the path that leads to
 * them as it was given, with forward slashes inside of folders; those of a folder that is given alone by their paths
 * from there. What does not exist counts as an image, which cannot be read then.
 *
 * @throws {OptionError} when a folder cannot be read, or there are no images
 */
export async function findImages(inputs: readonly string[]): Promise<Images> {
  const [first] = inputs
  const alone = inputs.length === 1 && first !== undefined && (await isFolder(first)) ? first : undefined
  const leftOut: string[] = []
  const sources = new Map<string, string>()
  for (const input of inputs) {
    if (input !== alone && !(await isFolder(input))) {
      sources.set(input, input)
      continue
    }
    const start = input.replace(/\/+$/, '')
    for (const file of await filesIn(input)) {
      const name = input === alone ? file : `${start}/${file}`
      if (isImage(file)) sources.set(name, `${start}/${file}`)
      else leftOut.push(name)
    }
  }
  if (sources.size === 0) throw noImages(inputs)
  for (const name of sources.keys()) checkName(name)
  const files = Array.from(sources, ([name, source]) => ({ name, source }))
  files.sort((left, right) => (left.name < right.name ? -1 : 1))
  return { files, base: resolve(alone ?? '.'), leftOut }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function checkName(name: string): void {
  const length = Buffer.byteLength(name)
  if (length <= longestNameBytes) return
  throw new OptionError({
    subject: `image '${name.slice(0, 40)}…'`,
    expected: `a path or URL of at most ${longestNameBytes} bytes, which becomes its name`,
    found: `one of ${length}`,
  })
}

function noImages(inputs: readonly string[]): OptionError {
  return new OptionError({
    subject: inputs.length === 1 ? `folder '${inputs[0]}'` : 'the folders',
    expected: 'images, at any depth',
    found: 'none',
    advice: `images are told by their extension: ${imageExtensions.join(' ')}`,
  })
}
