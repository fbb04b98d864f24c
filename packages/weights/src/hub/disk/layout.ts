import { HubError } from '../errors.js'
import { type HubName, isCommit } from '../hubName.js'
import type { RemoteFile } from '../remote.js'
import { codeOf, type Node } from './node.js'
import { defaultCacheDir } from './places.js'

/**
 * The cache of Python's huggingface_hub, which is used and filled in its own layout:
 *
 *     models--OWNER--NAME/blobs/ETAG                   the content
 *     models--OWNER--NAME/refs/REVISION                the commit that a branch or a tag was when last looked up
 *     models--OWNER--NAME/snapshots/COMMIT/PATH        a relative symbolic link to the content, or a copy of it
 *     models--OWNER--NAME/.no_exist/COMMIT/PATH        an empty file: the commit has no such file
 */
export class Layout {
  private readonly node: Node
  private readonly name: HubName
  readonly cacheDir: string
  readonly folder: string

  constructor(node: Node, cacheDir: string | undefined, name: HubName) {
    this.node = node
    this.name = name
    this.cacheDir = cacheDir ?? defaultCacheDir(node)
    this.folder = node.path.join(this.cacheDir, this.folderName)
  }

  get folderName(): string {
    return `models--${this.name.repo.replace('/', '--')}`
  }

  /** Where the content of a file goes. */
  blob({ etag, commit, path }: RemoteFile): string {
    const safe = etag !== undefined && /^[A-Za-z0-9][\w.-]{0,127}$/.test(etag)
    const name = safe ? etag : this.node.crypto.createHash('sha256').update(`${commit}/${path}/${etag}`).digest('hex')
    return this.node.path.join(this.folder, 'blobs', name)
  }

  /** Beside Python's own locks, which are locked by the system and may stay behind: what they are called is theirs. */
  lock(blob: string): string {
    const name = blob.slice(this.node.path.dirname(blob).length + 1)
    return this.node.path.join(this.cacheDir, '.locks', this.folderName, `${name}.resnet-ts`)
  }

  pointer(commit: string, path: string): string {
    return this.node.path.join(this.folder, 'snapshots', commit, ...path.split('/'))
  }

  /** The commit that the revision is, or was when it was last looked up. */
  async commit(): Promise<string | undefined> {
    const { revision } = this.name
    if (isCommit(revision)) return revision
    const text = (await this.node.fs.readFile(this.ref(), 'utf8').catch(ifAbsent))?.trim()
    return text && /^[\w-]{1,64}$/.test(text) ? text : undefined
  }

  async writeCommit(commit: string): Promise<void> {
    if (commit === this.name.revision || (await this.commit()) === commit) return
    await this.writeWhole(this.ref(), (path) => this.node.fs.writeFile(path, commit))
  }

  /** The file in a snapshot, and its size. */
  async find(commit: string, path: string): Promise<{ readonly location: string; readonly size: number } | undefined> {
    const location = this.pointer(commit, path)
    const status = await this.node.fs.stat(location).catch(ifAbsent)
    return status?.isFile() ? { location, size: status.size } : undefined
  }

  async isKnownMissing(commit: string, path: string): Promise<boolean> {
    return (await this.node.fs.stat(this.missing(commit, path)).catch(ifAbsent)) !== undefined
  }

  async writeMissing(commit: string, path: string): Promise<void> {
    await this.writeWhole(this.missing(commit, path), (at) => this.node.fs.writeFile(at, ''))
  }

  /** Puts a file into its snapshot: a link, or a copy where there can be none, as for most users of Windows. */
  async link(blob: string, commit: string, path: string): Promise<string> {
    const pointer = this.pointer(commit, path)
    const target = this.node.path.relative(this.node.path.dirname(pointer), blob)
    await this.writeWhole(pointer, (at) =>
      this.node.fs.symlink(target, at).catch(() => this.node.fs.copyFile(blob, at)),
    )
    return pointer
  }

  /** Makes a file, and then puts it in its place, so that nobody ever sees a part of it. */
  private async writeWhole(path: string, write: (path: string) => Promise<void>): Promise<void> {
    const { fs, path: paths, crypto } = this.node
    await fs.mkdir(paths.dirname(path), { recursive: true })
    const temporary = `${path}.${crypto.randomUUID()}.tmp`
    try {
      await write(temporary)
      await fs.rename(temporary, path)
    } finally {
      await fs.rm(temporary, { force: true })
    }
  }

  private ref(): string {
    return this.node.path.join(this.folder, 'refs', ...this.name.revision.split('/'))
  }

  private missing(commit: string, path: string): string {
    return this.node.path.join(this.folder, '.no_exist', commit, ...path.split('/'))
  }
}

/** For `catch`: a file that is not there is nothing to fail for. */
export function ifAbsent(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '')) return undefined
  throw error
}

/** A cache, as messages call it, and the variable of the environment that says where it is. */
export interface CacheName {
  readonly name: string
  readonly variable: string
}

/** That of Python's huggingface_hub, or a part of it. */
export function hubCache(name = 'cache of the hub'): CacheName {
  return { name, variable: 'HF_HUB_CACHE' }
}

/** Turns what the file system throws into a `HubError`. */
export async function onDisk<T>({ name, variable }: CacheName, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = codeOf(cause)
    if (cause instanceof HubError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw cause
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    throw new HubError(
      {
        subject: name,
        expected: 'a cache that can be read and written',
        found: full ? 'no room on the disk' : `the failure ${code}`,
        advice: full ? `make room, or see ${variable}` : `see ${variable}`,
        cause,
      },
      { kind: 'cache' },
    )
  }
}
