import { quote } from '../text.js'
import { nodeOf } from './disk/node.js'
import { HubError } from './errors.js'
import type { HubFile } from './fetchedFile.js'
import { type HubName, hubNameOf, isFilePath } from './hubName.js'
import { parseJson, recordOf } from './listing.js'
import type { Repository } from './repository.js'
import { type HubOptions, settingsOf } from './settings.js'

/** A model of the hub that is here. */
export interface HubModel extends HubName {
  /** The commit that its revision stood for, in full. */
  readonly commit: string
  /** The files of weights: one, or several that an index lists. */
  readonly weights: readonly HubFile[]
  /** What `config.json` holds; undefined where there is none. */
  readonly config: unknown
  /** What `preprocessor_config.json` holds, as models of transformers have it; undefined where there is none. */
  readonly preprocessor: unknown
}

const index = 'model.safetensors.index.json'
const weightFiles = ['model.safetensors', index, 'pytorch_model.bin']

/**
 * Brings one file of a repository of the hub, through the cache.
 *
 * @param name - `owner/name`, with `@revision` where it is not `main`
 * @param path - in the repository
 * @throws {HubError} when it cannot be had; the signal's reason once it is aborted
 */
export async function fetchHubFile(name: string | HubName, path: string, options: HubOptions = {}): Promise<HubFile> {
  if (!isFilePath(path)) throw badPath(path)
  return (await open(hubNameOf(name), options)).fetch([path])
}

/**
 * Brings a model of the hub, through the cache: its weights (`model.safetensors`, else the shards that its index lists,
 * else `pytorch_model.bin`) and what describes it, all of one commit.
 *
 * @throws {HubError} when it cannot be had; the signal's reason once it is aborted
 */
export async function fetchHubModel(name: string | HubName, options: HubOptions = {}): Promise<HubModel> {
  const { repo, revision } = hubNameOf(name)
  const repository = await open({ repo, revision }, options)
  const first = await repository.fetch(weightFiles)
  const weights = first.path === index ? await fetchShards(first, repository) : [first]
  return {
    repo,
    revision,
    commit: first.commit,
    weights,
    config: await fetchJson(repository, 'config.json'),
    preprocessor: await fetchJson(repository, 'preprocessor_config.json'),
  }
}

async function open(name: HubName, options: HubOptions): Promise<Repository> {
  const settings = settingsOf(options)
  const node = nodeOf()
  return node
    ? (await import('./disk/diskRepository.js')).diskRepository(node, name, settings)
    : (await import('./pageRepository.js')).pageRepository(name, settings)
}

async function fetchShards(listing: HubFile, repository: Repository): Promise<readonly HubFile[]> {
  const map = recordOf(parseJson(await listing.bytes())).weight_map
  const paths = [...new Set(Object.values(recordOf(map)))]
  if (paths.length === 0 || paths.length > 1000 || !paths.every((path) => typeof path === 'string')) {
    throw new HubError(
      { subject: quote(index), expected: "the names of at most 1000 files in 'weight_map'", found: 'something else' },
      { kind: 'corrupt' },
    )
  }
  const files: HubFile[] = []
  for (const path of paths as string[]) {
    if (!isFilePath(path)) throw badPath(path)
    files.push(await repository.fetch([path]))
  }
  return files
}

async function fetchJson(repository: Repository, path: string): Promise<unknown> {
  const file = await repository.fetchIfAny([path])
  return file && parseJson(await file.bytes())
}

function badPath(path: string): HubError {
  return new HubError(
    { subject: 'file of a repository', expected: 'a path within it', found: quote(path) },
    { kind: 'settings' },
  )
}
