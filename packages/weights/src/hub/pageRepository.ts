import { firstOf, quote } from '../text.js'
import { HubError } from './errors.js'
import type { HubFile } from './fetchedFile.js'
import { describeHubName, type HubName } from './hubName.js'
import { fetchListing, type ListedFile, type Listing, readListing } from './listing.js'
import { MemoryDownload } from './memoryDownload.js'
import { bytesFromCache, fromCache, intoCache } from './pageCache.js'
import { describeFile, fileUrl } from './remote.js'
import type { Repository } from './repository.js'
import { withRetries } from './retry.js'
import type { Settings } from './settings.js'

/**
 * A repository in a page. A page sees no redirections, and so not the headers that tell of a large file: it asks for
 * the list of all files in their place. Files and the list are kept by the Cache API, where there is one (it needs
 * https, or localhost); what does not fit there is used all the same.
 */
export function pageRepository(name: HubName, settings: Settings): Repository {
  return new PageRepository(name, settings)
}

class PageRepository implements Repository {
  private readonly name: HubName
  private readonly settings: Settings
  private listing: Promise<Listing> | undefined

  constructor(name: HubName, settings: Settings) {
    this.name = name
    this.settings = settings
  }

  async fetch(paths: readonly string[]): Promise<HubFile> {
    const file = await this.fetchIfAny(paths)
    if (!file) throw this.absent(paths, (await this.listing!).files)
    return file
  }

  async fetchIfAny(paths: readonly string[]): Promise<HubFile | undefined> {
    this.listing ??= this.list()
    const { commit, files } = await this.listing
    const file = paths.map((path) => files.find((each) => each.path === path)).find((each) => each !== undefined)
    if (!file) return undefined
    const bytes = await this.read(file, commit)
    return { path: file.path, commit, size: bytes.length, location: undefined, bytes: async () => bytes }
  }

  private async list(): Promise<Listing> {
    const { name, settings } = this
    const key = `${settings.endpoint}/api/models/${name.repo}/revision/${encodeURIComponent(name.revision)}`
    const kept = readListing(await (await fromCache(key))?.json().catch(() => undefined))
    if (settings.offline) {
      if (kept) return kept
      throw this.notCached()
    }
    try {
      const hurried = kept ? { ...settings, attempts: 1 } : settings
      const { listing, json } = await withRetries(hurried, () => fetchListing(name, hurried, 'platform'))
      await intoCache(key, JSON.stringify(json))
      return listing
    } catch (error) {
      settings.signal?.throwIfAborted()
      const unreachable = error instanceof HubError && (error.kind === 'connection' || error.kind === 'server')
      if (kept && unreachable) return kept
      throw error
    }
  }

  private async read(file: ListedFile, commit: string): Promise<Uint8Array<ArrayBuffer>> {
    const { name, settings } = this
    const url = fileUrl(settings, name, file.path, commit)
    const kept = await bytesFromCache(url, settings.signal)
    if (kept && (file.size === undefined || kept.length === file.size)) return kept
    if (settings.offline) throw this.notCached()
    const subject = describeFile(name, file.path)
    const download = new MemoryDownload(
      { url, file: file.path, subject, size: file.size, sha256: file.sha256 },
      settings,
    )
    const bytes = await withRetries(settings, (advance) => download.attempt(advance))
    await intoCache(url, bytes)
    return bytes
  }

  private absent(paths: readonly string[], files: readonly ListedFile[]): HubError {
    const found =
      files.length > 0
        ? firstOf(
            files.map(({ path }) => quote(path)),
            12,
          )
        : 'no files'
    return new HubError(
      { subject: describeHubName(this.name), expected: `a file ${paths.map(quote).join(', or ')}`, found },
      { kind: 'missing', code: 'EntryNotFound' },
    )
  }

  private notCached(): HubError {
    return new HubError(
      {
        subject: describeHubName(this.name),
        expected: 'one that is kept in this browser',
        found: 'none, and the network is not to be used',
      },
      { kind: 'offline' },
    )
  }
}
