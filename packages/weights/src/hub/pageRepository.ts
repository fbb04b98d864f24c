import { lengthOf } from '../sources/stream.js'
import { firstOf, quote } from '../text.js'
import { HubError } from './errors.js'
import type { HubFile, Repository } from './hubFile.js'
import { describeHubName, type HubName } from './hubName.js'
import { fetchListing, type ListedFile, type Listing, readListing } from './listing.js'
import { describeFile, fileUrl } from './remote.js'
import { request, send } from './request.js'
import { withRetries } from './retry.js'
import type { Settings } from './settings.js'
import { watch } from './watch.js'

const cacheName = 'resnet-ts-hub'

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
    const kept = await fromCache(url)
    if (kept) {
      const bytes = new Uint8Array(await kept.arrayBuffer())
      settings.signal?.throwIfAborted()
      if (file.size === undefined || bytes.length === file.size) return bytes
    }
    if (settings.offline) throw this.notCached()
    const download = new MemoryDownload(url, file, describeFile(name, file.path), settings)
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

/** A file on its way into memory: what an attempt brought, the next goes on from. */
class MemoryDownload {
  private readonly url: string
  private readonly file: ListedFile
  private readonly subject: string
  private readonly settings: Settings
  private buffer: Uint8Array<ArrayBuffer>
  private loaded = 0

  constructor(url: string, file: ListedFile, subject: string, settings: Settings) {
    this.url = url
    this.file = file
    this.subject = subject
    this.settings = settings
    this.buffer = new Uint8Array(file.size ?? 0)
  }

  async attempt(advance: (reached: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const { settings, subject, file } = this
    const watching = watch(subject, settings.signal, settings.timeout)
    const at = { subject, signal: watching.signal }
    // Only the digest tells whether the rest is of the same file: a page may not send If-Range without more ado.
    if (file.sha256 === undefined) this.loaded = 0
    const headers: Record<string, string> = this.loaded > 0 ? { range: `bytes=${this.loaded}-` } : {}
    try {
      const { response } = await request(settings, { url: this.url, headers, ...at, redirects: 'platform' })
      if (response.status !== 206) this.loaded = 0
      const length = lengthOf(response)
      const total = file.size ?? (length === undefined ? undefined : this.loaded + length)
      const reader = response.body?.getReader()
      for (let next = await send(async () => reader?.read(), at); next && !next.done; ) {
        watching.touch()
        this.append(next.value)
        advance(this.loaded)
        settings.onProgress?.({ file: file.path, loaded: this.loaded, total })
        next = await send(async () => reader?.read(), at)
      }
      return await this.checked(total)
    } finally {
      watching.end()
    }
  }

  private append(bytes: Uint8Array): void {
    if (this.loaded + bytes.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.loaded + bytes.length, Math.ceil(this.buffer.length * 1.5)))
      larger.set(this.buffer.subarray(0, this.loaded))
      this.buffer = larger
    }
    this.buffer.set(bytes, this.loaded)
    this.loaded += bytes.length
  }

  private async checked(total: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
    const { loaded, subject, file } = this
    if (total !== undefined && loaded !== total) {
      if (loaded > total) this.loaded = 0
      const kind = loaded < total ? 'connection' : 'corrupt'
      throw new HubError({ subject, expected: `${total} bytes`, found: String(loaded), advice: 'try again' }, { kind })
    }
    const bytes = loaded === this.buffer.length ? this.buffer : this.buffer.slice(0, loaded)
    const digest = file.sha256 === undefined ? undefined : await sha256(bytes)
    if (digest === undefined || digest === file.sha256) return bytes
    this.loaded = 0
    throw new HubError(
      {
        subject,
        expected: `content of the SHA-256 ${file.sha256}`,
        found: digest,
        advice: 'it was not kept: try again',
      },
      { kind: 'corrupt' },
    )
  }
}

/** In hexadecimal; nothing where the page may not have it, for want of https. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', bytes)
  return digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

// A cache that is not there, is full or is forbidden must not keep a page from its model.

async function fromCache(key: string): Promise<Response | undefined> {
  try {
    return await (await globalThis.caches?.open(cacheName))?.match(key)
  } catch {
    return undefined
  }
}

async function intoCache(key: string, content: BodyInit): Promise<void> {
  try {
    await (await globalThis.caches?.open(cacheName))?.put(key, new Response(content))
  } catch {
    return
  }
}
