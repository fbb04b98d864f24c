import { readFile } from '../../sources/file.js'
import type { NodeFiles } from '../../sources/node.js'
import { quote } from '../../text.js'
import { HubError } from '../errors.js'
import type { HubFile } from '../fetchedFile.js'
import { describeHubName, type HubName, isCommit } from '../hubName.js'
import { withWhatExists } from '../listing.js'
import { describeFile, describeRemote, fileUrl, type RemoteFile } from '../remote.js'
import type { Repository } from '../repository.js'
import { withRetries } from '../retry.js'
import type { Settings } from '../settings.js'
import { download } from './download.js'
import { hubCache, Layout, onDisk } from './layout.js'
import type { Node } from './node.js'

/** A repository through the cache on the disk. */
export function diskRepository(node: Node, name: HubName, settings: Settings): Repository {
  const layout = new Layout(node, settings.cacheDir, name)
  return new DiskRepository(node, layout, name, settings)
}

class DiskRepository implements Repository {
  private readonly node: Node
  private readonly layout: Layout
  private readonly name: HubName
  private readonly settings: Settings
  /** As the hub last said, or the cache where the hub is not asked: all files are of one. */
  private commit: string | undefined
  /** The hub cannot be reached: the cache is all there is. */
  private alone: HubError | undefined

  constructor(node: Node, layout: Layout, name: HubName, settings: Settings) {
    this.node = node
    this.layout = layout
    this.name = name
    this.settings = settings
    if (isCommit(name.revision)) this.commit = name.revision
  }

  async fetch(paths: readonly string[]): Promise<HubFile> {
    try {
      return await this.onDisk(() => this.fetchFirst(paths))
    } catch (error) {
      if (!(error instanceof HubError) || error.kind !== 'missing') throw error
      throw await withWhatExists(this.named(error, paths), this.name, this.settings)
    }
  }

  async fetchIfAny(paths: readonly string[]): Promise<HubFile | undefined> {
    const isAlone = this.settings.offline || this.alone
    try {
      return await this.onDisk(() => (isAlone ? this.firstCached(paths) : this.fetchFirst(paths)))
    } catch (error) {
      if (error instanceof HubError && error.kind === 'missing') return undefined
      throw error
    }
  }

  private onDisk<T>(work: () => Promise<T>): Promise<T> {
    return onDisk(hubCache(`cache of ${describeHubName(this.name)}`), work)
  }

  private async fetchFirst(paths: readonly string[]): Promise<HubFile> {
    if (this.settings.offline || this.alone) return this.fetchCached(paths, this.alone)
    // Nobody waits for a hub that is not there when the file is.
    const hurry = (await this.firstCached(paths)) !== undefined
    const { commit } = this
    try {
      return await this.fetchFromHub(paths, hurry)
    } catch (error) {
      this.settings.signal?.throwIfAborted()
      if (!(error instanceof HubError) || !isUnreachable(error)) throw error
      if (hurry) this.alone = error
      // A commit that could not be brought is not the one that is here.
      this.commit = commit
      return this.fetchCached(paths, error)
    }
  }

  private async fetchFromHub(paths: readonly string[], hurry: boolean): Promise<HubFile> {
    let missing: HubError | undefined
    for (const path of paths) {
      try {
        return await this.fetchOne(path, hurry)
      } catch (error) {
        this.settings.signal?.throwIfAborted()
        if (!(error instanceof HubError) || error.kind !== 'missing') throw error
        missing = error
        if (error.code === 'RepoNotFound' || error.code === 'RevisionNotFound') break
      }
    }
    throw missing!
  }

  private async fetchCached(paths: readonly string[], failure: HubError | undefined): Promise<HubFile> {
    const cached = await this.firstCached(paths)
    if (!cached) throw failure ?? this.notCached(paths)
    this.commit = cached.commit
    return cached
  }

  private async firstCached(paths: readonly string[]): Promise<HubFile | undefined> {
    const commit = this.commit ?? (await this.layout.commit())
    if (commit === undefined) return undefined
    for (const path of paths) {
      const found = await this.layout.find(commit, path)
      if (found) return this.fileOf({ path, commit }, found)
    }
    return undefined
  }

  private async fetchOne(path: string, hurry: boolean): Promise<HubFile> {
    const { layout, commit } = this
    // What a commit has never changes; a branch may have gone on.
    if (commit !== undefined) {
      const cached = await layout.find(commit, path)
      if (cached) return this.fileOf({ path, commit }, cached)
      if (await layout.isKnownMissing(commit, path)) throw this.absent(path)
    }
    const remote = await this.lookUp(path, hurry)
    const found = await layout.find(remote.commit, path)
    if (found && (remote.size === undefined || found.size === remote.size)) {
      await layout.writeCommit(remote.commit)
      return this.fileOf(remote, found)
    }
    const blob = layout.blob(remote)
    const transfer = {
      url: fileUrl(this.settings, this.name, remote.path, remote.commit),
      target: blob,
      lock: layout.lock(blob),
      size: remote.size,
      sha256: remote.sha256,
      file: remote.path,
      subject: describeFile(this.name, remote.path),
    }
    await download(this.node, transfer, this.settings)
    const location = await layout.link(blob, remote.commit, path)
    // Only now: offline, the branch is then what there is of it.
    await layout.writeCommit(remote.commit)
    return this.fileOf(remote, { location, size: (await this.node.fs.stat(location)).size })
  }

  private async lookUp(path: string, hurry: boolean): Promise<RemoteFile> {
    const timeout = Math.min(this.settings.timeout, 10_000)
    const settings = hurry ? { ...this.settings, attempts: 1, timeout } : this.settings
    const at = { ...this.name, revision: this.commit ?? this.name.revision }
    try {
      const remote = await withRetries(settings, () => describeRemote(at, path, settings))
      this.commit ??= remote.commit
      return remote
    } catch (error) {
      const isMissing = error instanceof HubError && error.kind === 'missing' && error.code === 'EntryNotFound'
      if (isMissing && this.commit !== undefined) await this.layout.writeMissing(this.commit, path)
      throw error
    }
  }

  private fileOf(
    { path, commit }: Pick<RemoteFile, 'path' | 'commit'>,
    { location, size }: { readonly location: string; readonly size: number },
  ): HubFile {
    const { signal } = this.settings
    const files = this.node.fs as unknown as NodeFiles
    return { path, commit, size, location, bytes: () => readFile(files, location, quote(location), signal) }
  }

  private absent(path: string): HubError {
    return new HubError(
      { subject: describeFile(this.name, path), expected: 'one that the hub has', found: 'none' },
      { kind: 'missing', code: 'EntryNotFound' },
    )
  }

  /** Offline, what is not in the cache is not known to be missing. */
  private notCached(paths: readonly string[]): HubError {
    return new HubError(
      {
        subject: describeHubName(this.name),
        expected: `${paths.map(quote).join(', or ')} in the cache`,
        found: 'nothing, and the network is not to be used',
        advice: 'download it once without HF_HUB_OFFLINE',
      },
      { kind: 'offline' },
    )
  }

  private named(error: HubError, paths: readonly string[]): HubError {
    if (paths.length === 1 || error.code !== 'EntryNotFound') return error
    const expected = `a file ${paths.map(quote).join(', or ')}`
    return new HubError({ ...error.details, subject: describeHubName(this.name), expected }, error)
  }
}

function isUnreachable({ kind }: HubError): boolean {
  return kind === 'connection' || kind === 'server'
}
