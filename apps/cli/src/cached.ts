import { OptionError } from '@resnet-ts/graph'
import { type CachedFile, listCache, parseHubName } from '@resnet-ts/weights'
import { findModel } from '@resnet-ts/zoo'
import { findCheckpoint } from '@resnet-ts/zoo/pretrained'

/** A model of the caches, with all its files. */
export interface CachedModel {
  /** What `clearCache` takes: `timm/resnet50.a1_in1k`, or the name of a file of torchvision's. */
  readonly name: string
  readonly files: readonly CachedFile[]
  /** In bytes; files of several commits may share their content. */
  readonly size: number
}

/**
 * The models of the caches, or the named one.
 *
 * @throws {OptionError} when it is not there
 */
export async function findCached(name: string | undefined, signal: AbortSignal): Promise<readonly CachedModel[]> {
  const wanted = name === undefined ? undefined : cachedName(name)
  const byName = new Map<string, CachedFile[]>()
  for (const file of await listCache({ signal })) {
    const each = file.repo ?? file.path
    if (wanted === undefined || each === wanted) byName.set(each, [...(byName.get(each) ?? []), file])
  }
  const models = [...byName].map(modelOf)
  if (wanted === undefined || models.length > 0) return models
  throw new OptionError({
    subject: `model '${name}'`,
    expected: 'one in the cache',
    found: 'none',
    advice: 'see what is there with: resnet cache list',
  })
}

/**
 * What a model is called in the caches.
 *
 * @throws {UnknownModelError} when no model has that name
 * @throws {OptionError} when none of it is published
 */
export function cachedName(name: string): string {
  const repo = parseHubName(name)?.repo
  if (repo !== undefined) return repo
  if (/-[0-9a-f]{8,}\.\w+$/.test(name)) return name
  const published = findCheckpoint(name)
  if (published) return published.hub ?? published.url!.replace(/.*\//, '')
  findModel(name.replace(/\..*/, ''))
  throw new OptionError({ subject: `model '${name}'`, expected: 'one that is published', found: 'another' })
}

function modelOf([name, files]: [string, readonly CachedFile[]]): CachedModel {
  const sizes = new Map(files.map(({ content, size = 0 }) => [content, size]))
  return { name, files, size: [...sizes.values()].reduce((sum, size) => sum + size, 0) }
}
