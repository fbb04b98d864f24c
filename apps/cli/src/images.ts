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
  /** Paths that were given and lead nowhere. */
  readonly missing: readonly string[]
}

/**
 * Finds images: those that are named, and those of folders, at any depth. They are called by the path that leads to
 * them as it was given, with forward slashes inside of folders; those of a folder that is given alone by their paths
 * from there.
 *
 * @throws {OptionError} when a folder cannot be read, or there are no images, though all paths lead somewhere
 */
export async function findImages(inputs: readonly string[]): Promise<Images> {
  const [first] = inputs
  const alone = inputs.length === 1 && first !== undefined && (await kindOf(first)) === 'folder' ? first : undefined
  const leftOut: string[] = []
  const missing: string[] = []
  const sources = new Map<string, string>()
  for (const input of inputs) {
    const kind = await kindOf(input)
    if (kind === 'missing') missing.push(input)
    if (kind === 'image') sources.set(input, input)
    if (kind !== 'folder') continue
    const start = input.replace(/\/+$/, '')
    for (const file of await filesIn(input)) {
      const name = input === alone ? file : `${start}/${file}`
      if (isImage(file)) sources.set(name, `${start}/${file}`)
      else leftOut.push(name)
    }
  }
  if (sources.size === 0 && missing.length === 0) throw noImages(inputs)
  for (const name of sources.keys()) checkName(name)
  const files = Array.from(sources, ([name, source]) => ({ name, source }))
  files.sort((left, right) => (left.name < right.name ? -1 : 1))
  return { files, base: resolve(alone ?? '.'), leftOut, missing }
}

/** What an argument leads to; what is there counts as an image, and so does a URL. */
async function kindOf(input: string): Promise<'folder' | 'image' | 'missing'> {
  if (/^(https?|data|blob|file):/i.test(input)) return 'image'
  try {
    return (await stat(input)).isDirectory() ? 'folder' : 'image'
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'missing' : 'image'
  }
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
