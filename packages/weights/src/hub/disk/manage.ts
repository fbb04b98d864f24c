import { HubError } from '../errors.js'
import { type HubName, hubNameOf } from '../hubName.js'
import { digestInName } from '../torchName.js'
import { type CachedFile, folderPattern, listRepository, listTorchFiles } from './contents.js'
import { incompleteOf } from './download.js'
import { hubCache, ifAbsent, Layout, onDisk } from './layout.js'
import { type Node, nodeOf } from './node.js'
import { defaultCacheDir, torchCheckpoints } from './places.js'
import { lockOf, torchCache } from './torchCache.js'

/** What a file was found to be: what its name promises, something else, or one whose name promises nothing. */
export type Verdict = 'verified' | 'damaged' | 'unverifiable'

/** Where the caches are. */
export interface CacheOptions {
  /** The folder of the Hugging Face hub's files. @defaultValue as for `HubOptions` */
  readonly cacheDir?: string | undefined
  /** The folder of torch, in whose `hub/checkpoints` torchvision's files are. @defaultValue as for `HubOptions` */
  readonly torchHome?: string | undefined
  /** Stops the work: the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Where files are kept, in Node. */
export interface CachePlaces {
  /** The cache of the Hugging Face hub. */
  readonly hub: string
  /** The folder of torchvision's files. */
  readonly torch: string
}

/**
 * Where the caches are, whether there is anything in them or not; in Node.
 *
 * @throws {HubError} in a page
 */
export function cachePlaces({ cacheDir, torchHome }: CacheOptions = {}): CachePlaces {
  const node = nodeOrThrow()
  return { hub: cacheDir ?? defaultCacheDir(node), torch: torchCheckpoints(node, torchHome) }
}

/**
 * The models of the caches, whoever put them there, file by file; in Node. Of `torch.hub`'s, those whose names carry
 * the beginning of their SHA-256, as torchvision's do.
 *
 * @throws {HubError} when a cache cannot be read, or there is none, as in a page
 */
export async function listCache(options: CacheOptions = {}): Promise<readonly CachedFile[]> {
  const node = nodeOrThrow()
  const { hub, torch } = cachePlaces(options)
  const listed = await onDisk(hubCache(), async () => {
    const files: CachedFile[] = []
    for (const folder of ((await node.fs.readdir(hub).catch(ifAbsent)) ?? []).sort()) {
      options.signal?.throwIfAborted()
      const [, owner, name] = folderPattern.exec(folder) ?? []
      if (owner && name) files.push(...(await listRepository(node, node.path.join(hub, folder), `${owner}/${name}`)))
    }
    return files
  })
  return [...listed, ...(await onDisk(torchCache, () => listTorchFiles(node, torch)))]
}

/**
 * Reads a file of the caches whole, and compares it with the digest that is its content's name: the SHA-256 of a large
 * file, git's SHA-1 of a small one, the beginning of the SHA-256 of torchvision's. A copy in place of a link, as on
 * Windows, bears no such name.
 *
 * @throws {HubError} when it cannot be read; the signal's reason once it is aborted
 */
export async function verifyCached(file: CachedFile, { signal }: CacheOptions = {}): Promise<Verdict> {
  const node = nodeOrThrow()
  if (file.size === undefined) return 'damaged'
  return onDisk(hubCache(file.location), async () => {
    const name = file.content.slice(node.path.dirname(file.content).length + 1)
    const sha256 = file.repo === undefined ? digestInName(name) : /^[0-9a-f]{64}$/.exec(name)?.[0]
    if (sha256 !== undefined) {
      return (await digest(node, file.content, 'sha256', signal)).startsWith(sha256) ? 'verified' : 'damaged'
    }
    const isGit = /^[0-9a-f]{40}$/.test(name) && (await digest(node, file.content, 'sha1', signal)) === name
    // Of a hub that is not Hugging Face's it may be any forty digits.
    return isGit ? 'verified' : 'unverifiable'
  })
}

/**
 * Removes models from the caches, with all their commits and what is left of downloads: the named repository, the named
 * file of torchvision's, or all that `listCache` lists. What is neither is left alone.
 *
 * @returns how many bytes that freed
 * @throws {HubError} when they cannot be removed; the signal's reason once it is aborted, with those removed that were
 * before
 */
export async function clearCache(name: string | HubName | undefined, options: CacheOptions = {}): Promise<number> {
  const node = nodeOrThrow()
  const places = cachePlaces(options)
  const isTorch = typeof name === 'string' && digestInName(name) !== undefined
  let freed = 0
  if (!isTorch) freed += await onDisk(hubCache(), () => clearRepositories(node, places.hub, name, options.signal))
  if (isTorch || name === undefined) {
    freed += await onDisk(torchCache, () => clearTorchFiles(node, places.torch, name, options.signal))
  }
  return freed
}

async function clearRepositories(
  node: Node,
  root: string,
  name: string | HubName | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { fs, path } = node
  const only = name === undefined ? undefined : new Layout(node, root, hubNameOf(name)).folderName
  let freed = 0
  for (const folder of (await fs.readdir(root).catch(ifAbsent)) ?? []) {
    if (!folderPattern.test(folder) || (only !== undefined && folder !== only)) continue
    signal?.throwIfAborted()
    freed += await sizeWithin(node, path.join(root, folder))
    await fs.rm(path.join(root, folder), { recursive: true, force: true })
    await fs.rm(path.join(root, '.locks', folder), { recursive: true, force: true })
  }
  return freed
}

async function clearTorchFiles(
  node: Node,
  folder: string,
  only: string | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { fs, path } = node
  const there = (await fs.readdir(folder).catch(ifAbsent)) ?? []
  const wholeNames = new Set(there.map((file) => file.replace(/\.resnet-ts\.(incomplete|lock)$/, '')))
  let freed = 0
  for (const file of wholeNames) {
    if (digestInName(file) === undefined || (only !== undefined && file !== only)) continue
    signal?.throwIfAborted()
    const location = path.join(folder, file)
    for (const each of [location, incompleteOf(location), lockOf(location)]) {
      freed += (await fs.lstat(each).catch(ifAbsent))?.size ?? 0
      await fs.rm(each, { force: true })
    }
  }
  return freed
}

/** Of all files below a folder, links as such. */
async function sizeWithin(node: Node, place: string): Promise<number> {
  const status = await node.fs.lstat(place).catch(ifAbsent)
  if (!status?.isDirectory()) return status?.isFile() ? status.size : 0
  let size = 0
  for (const name of (await node.fs.readdir(place).catch(ifAbsent)) ?? []) {
    size += await sizeWithin(node, node.path.join(place, name))
  }
  return size
}

async function digest(
  node: Node,
  path: string,
  name: 'sha1' | 'sha256',
  signal: AbortSignal | undefined,
): Promise<string> {
  const file = await node.fs.open(path, 'r')
  try {
    const { size } = await file.stat()
    const hash = node.crypto.createHash(name)
    if (name === 'sha1') hash.update(`blob ${size}\0`)
    const piece = new Uint8Array(1 << 20)
    for (let position = 0; ; ) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(piece, 0, piece.length, position)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(piece.subarray(0, bytesRead))
      position += bytesRead
    }
  } finally {
    await file.close()
  }
}

function nodeOrThrow(): Node {
  const node = nodeOf()
  if (node) return node
  throw new HubError(
    {
      subject: 'cache of the hub',
      expected: 'Node, where it is on the disk',
      found: 'a page, where the browser keeps it',
    },
    { kind: 'cache' },
  )
}
