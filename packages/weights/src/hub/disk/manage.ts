import { HubError } from '../errors.js'
import { type HubName, hubNameOf } from '../hubName.js'
import { defaultCacheDir, ifAbsent, Layout, onDisk } from './layout.js'
import { type Node, nodeOf } from './node.js'

/** A file of the cache. */
export interface CachedFile {
  /** `timm/resnet50.a1_in1k`. */
  readonly repo: string
  readonly commit: string
  /** The branches and tags that were that commit when last looked up. */
  readonly revisions: readonly string[]
  /** In the repository: `model.safetensors`. */
  readonly path: string
  readonly location: string
  /** In bytes; undefined where the link leads nowhere. */
  readonly size: number | undefined
}

/** What a file was found to be: what its name promises, something else, or one whose name promises nothing. */
export type Verdict = 'verified' | 'damaged' | 'unverifiable'

export interface CacheOptions {
  /** @defaultValue as for `HubOptions` */
  readonly cacheDir?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const folderPattern = /^models--(.+?)--(.+)$/

/**
 * The models of the cache, whoever put them there, file by file; in Node.
 *
 * @throws {HubError} when the cache cannot be read, or there is none, as in a page
 */
export async function listCache({ cacheDir, signal }: CacheOptions = {}): Promise<readonly CachedFile[]> {
  const node = nodeOrThrow()
  const root = cacheDir ?? defaultCacheDir(node)
  return onDisk('cache of the hub', async () => {
    const listed: CachedFile[] = []
    for (const folder of ((await node.fs.readdir(root).catch(ifAbsent)) ?? []).sort()) {
      signal?.throwIfAborted()
      const [, owner, name] = folderPattern.exec(folder) ?? []
      if (owner && name) listed.push(...(await listRepository(node, node.path.join(root, folder), `${owner}/${name}`)))
    }
    return listed
  })
}

/**
 * Reads a file of the cache whole, and compares it with the digest that is its content's name: the SHA-256 of a large
 * file, git's SHA-1 of a small one. A copy in place of a link, as on Windows, bears no such name.
 *
 * @throws {HubError} when it cannot be read; the signal's reason once it is aborted
 */
export async function verifyCached(file: CachedFile, { signal }: CacheOptions = {}): Promise<Verdict> {
  const node = nodeOrThrow()
  if (file.size === undefined) return 'damaged'
  return onDisk(file.location, async () => {
    const target = await node.fs.realpath(file.location)
    const name = target.slice(node.path.dirname(target).length + 1)
    if (/^[0-9a-f]{64}$/.test(name))
      return (await digest(node, target, 'sha256', signal)) === name ? 'verified' : 'damaged'
    const isGit = /^[0-9a-f]{40}$/.test(name) && (await digest(node, target, 'sha1', signal)) === name
    // Of a hub that is not Hugging Face's it may be any forty digits.
    return isGit ? 'verified' : 'unverifiable'
  })
}

/**
 * Removes models from the cache, with all their commits: the named one, or all of them. What is no model of the hub is
 * left alone.
 *
 * @throws {HubError} when they cannot be removed
 */
export async function clearCache(name: string | HubName | undefined, options: CacheOptions = {}): Promise<void> {
  const node = nodeOrThrow()
  const root = options.cacheDir ?? defaultCacheDir(node)
  await onDisk('cache of the hub', async () => {
    const names = (await node.fs.readdir(root).catch(ifAbsent)) ?? []
    const only = name === undefined ? undefined : new Layout(node, root, hubNameOf(name)).folderName
    for (const folder of names) {
      if (!folderPattern.test(folder) || (only !== undefined && folder !== only)) continue
      options.signal?.throwIfAborted()
      await node.fs.rm(node.path.join(root, folder), { recursive: true, force: true })
      await node.fs.rm(node.path.join(root, '.locks', folder), { recursive: true, force: true })
    }
  })
}

async function listRepository(node: Node, folder: string, repo: string): Promise<readonly CachedFile[]> {
  const { fs, path } = node
  const refs = await readRefs(node, path.join(folder, 'refs'))
  const snapshots = path.join(folder, 'snapshots')
  const files: CachedFile[] = []
  for (const commit of ((await fs.readdir(snapshots).catch(ifAbsent)) ?? []).sort()) {
    const revisions = refs.filter((ref) => ref.commit === commit).map(({ name }) => name)
    for (const file of await listFiles(node, path.join(snapshots, commit))) {
      const location = path.join(snapshots, commit, ...file.split('/'))
      const status = await fs.stat(location).catch(ifAbsent)
      files.push({ repo, commit, revisions, path: file, location, size: status?.size })
    }
  }
  return files
}

async function readRefs(node: Node, folder: string): Promise<readonly { name: string; commit: string }[]> {
  const names = await listFiles(node, folder)
  const read = async (name: string) => node.fs.readFile(node.path.join(folder, ...name.split('/')), 'utf8')
  return Promise.all(names.map(async (name) => ({ name, commit: (await read(name)).trim() })))
}

/** Paths of all files below a folder, from it, with `/`. */
async function listFiles(node: Node, folder: string, prefix = ''): Promise<readonly string[]> {
  const files: string[] = []
  for (const name of ((await node.fs.readdir(folder).catch(ifAbsent)) ?? []).sort()) {
    const place = node.path.join(folder, name)
    const status = await node.fs.stat(place).catch(ifAbsent)
    if (status?.isDirectory()) files.push(...(await listFiles(node, place, `${prefix}${name}/`)))
    else if (!name.endsWith('.tmp')) files.push(prefix + name)
  }
  return files
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
