import { lengthOf } from '../sources/stream.js'
import { HubError } from './errors.js'
import { request, send } from './request.js'
import type { Settings } from './settings.js'
import { watch } from './watch.js'

/** What is to be brought. */
export interface MemoryTransfer {
  readonly url: string
  /** In bytes, where it is known beforehand. */
  readonly size: number | undefined
  /** Its SHA-256 in hexadecimal, or the beginning of it, where that is known. */
  readonly sha256: string | undefined
  /** What progress calls it. */
  readonly file: string
  /** What messages call it. */
  readonly subject: string
}

/** A file on its way into memory: what an attempt brought, the next goes on from. */
export class MemoryDownload {
  private readonly transfer: MemoryTransfer
  private readonly settings: Settings
  private buffer: Uint8Array<ArrayBuffer> = new Uint8Array()
  private loaded = 0

  constructor(transfer: MemoryTransfer, settings: Settings) {
    this.transfer = transfer
    this.settings = settings
  }

  async attempt(advance: (reached: number) => void): Promise<Uint8Array<ArrayBuffer>> {
    const { settings, transfer } = this
    const { subject } = transfer
    const watching = watch(subject, settings.signal, settings.timeout)
    const at = { subject, signal: watching.signal }
    // Only the digest tells whether the rest is of the same file: a page may not send If-Range without more ado.
    if (transfer.sha256 === undefined) this.loaded = 0
    const headers: Record<string, string> = this.loaded > 0 ? { range: `bytes=${this.loaded}-` } : {}
    try {
      const { response } = await request(settings, { url: transfer.url, headers, ...at, redirects: 'platform' })
      if (response.status !== 206) this.loaded = 0
      const length = lengthOf(response)
      const total = transfer.size ?? (length === undefined ? undefined : this.loaded + length)
      if (total !== undefined && this.loaded === 0) this.buffer = roomFor(total, subject)
      const reader = response.body?.getReader()
      for (let next = await send(async () => reader?.read(), at); next && !next.done; ) {
        watching.touch()
        this.append(next.value)
        advance(this.loaded)
        settings.onProgress?.({ file: transfer.file, loaded: this.loaded, total })
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
    const { loaded } = this
    const { subject, sha256 } = this.transfer
    if (total !== undefined && loaded !== total) {
      if (loaded > total) this.loaded = 0
      const kind = loaded < total ? 'connection' : 'corrupt'
      throw new HubError({ subject, expected: `${total} bytes`, found: String(loaded), advice: 'try again' }, { kind })
    }
    const bytes = loaded === this.buffer.length ? this.buffer : this.buffer.slice(0, loaded)
    const digest = sha256 === undefined ? undefined : await digestOf(bytes)
    if (sha256 === undefined || digest === undefined || digest.startsWith(sha256)) return bytes
    this.loaded = 0
    throw new HubError(
      {
        subject,
        expected: `content of the SHA-256 ${sha256}`,
        found: digest,
        advice: 'it was not kept: try again',
      },
      { kind: 'corrupt' },
    )
  }
}

function roomFor(total: number, subject: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(total)
  } catch (cause) {
    const details = { subject, expected: 'a file that fits into memory', found: `one of ${total} bytes`, cause }
    throw new HubError(details, { kind: 'cache' })
  }
}

/** In hexadecimal; nothing where the page may not have it, for want of https. */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', bytes)
  return digest && [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
