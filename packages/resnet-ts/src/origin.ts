import type { HubOptions } from '@resnet-ts/weights'
import { readCheckpoint } from '@resnet-ts/weights'
import type { ModelFactory } from '@resnet-ts/zoo'
import { readCard } from './config.js'
import { isHubName, type Origin, originInHub, originOfPublished } from './hub.js'
import { findPublished } from './names.js'
import { findEmbedded, type Pretrained } from './pretrained.js'

/**
 * Where the weights are that nobody gave: in a repository, in a package, or where they are published.
 *
 * @returns nothing where none are published
 * @throws what `load` does for names and files that cannot be had
 */
export async function findOrigin(
  source: string | ModelFactory | Pretrained,
  options: HubOptions,
): Promise<Origin | undefined> {
  if (typeof source === 'string' && isHubName(source)) return originInHub(source, options)
  const name = typeof source === 'function' ? source.modelName : source
  const pretrained = typeof name === 'string' ? await findEmbedded(name)?.load() : name
  if (pretrained) {
    const { signal } = options
    return {
      card: readCard(pretrained.config),
      files: async () => [],
      read: async () => readCheckpoint(await pretrained.bytes(), { signal }),
    }
  }
  const published = await findPublished(source as string | ModelFactory)
  return published && originOfPublished(published, options)
}
