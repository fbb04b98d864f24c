import { lengthOf } from '../../sources/stream.js'
import { startSweeping } from '../../sources/sweep.js'
import { HubError } from '../errors.js'
import { type HubAnswer, request, send } from '../request.js'
import { withRetries } from '../retry.js'
import type { Settings } from '../settings.js'
import { type Watch, watch } from '../watch.js'
import { ifAbsent } from './layout.js'
import { acquire } from './lock.js'
import { codeOf, type FileHandle, type Hash, type Node } from './node.js'

const pieceSize = 1 << 20

/** What is to be brought, and where it goes. */
export interface Transfer {
  readonly url: string
  /** Where it goes, once it is whole and checked. */
  readonly target: string
  /** Where the lock stands, by which processes take turns. */
  readonly lock: string
  /** In bytes, where it is known beforehand. */
  readonly size: number | undefined
  /** Its SHA-256 in hexadecimal, or the beginning of it, where that is known. */
  readonly sha256: string | undefined
  /** What progress calls it. */
  readonly file: string
  /** What messages call it. */
  readonly subject: string
}

/** Brings a file to its place, whole and checked, or leaves what has come of it for the next time. */
export async function download(node: Node, transfer: Transfer, settings: Settings): Promise<void> {
  if (await isWhole(node, transfer)) return
  await node.fs.mkdir(node.path.dirname(transfer.target), { recursive: true })
  const release = await acquire(node, transfer.lock, settings.signal)
  try {
    // Another process may have brought it while this one waited.
    if (await isWhole(node, transfer)) return
    const attempts = new Download(node, transfer, settings)
    await withRetries(settings, (advance) => attempts.attempt(advance))
  } finally {
    await release()
  }
}

/** What a file is called while it is not whole. It is not the name of Python's client, which does not check what it finds there. */
export function incompleteOf(target: string): string {
  return `${target}.resnet-ts.incomplete`
}

async function isWhole({ fs }: Node, { target, size }: Transfer): Promise<boolean> {
  const status = await fs.stat(target).catch(ifAbsent)
  return status !== undefined && (size === undefined || status.size === size)
}

class Download {
  private readonly node: Node
  private readonly transfer: Transfer
  private readonly incomplete: string
  private readonly settings: Settings
  /** Of the host that the file lies on, which is often another than the hub; known once it has answered. */
  private hostEtag: string | undefined

  constructor(node: Node, transfer: Transfer, settings: Settings) {
    this.node = node
    this.transfer = transfer
    this.incomplete = incompleteOf(transfer.target)
    this.settings = settings
  }

  /** @param advance - called with how much of the file is here */
  async attempt(advance: (reached: number) => void): Promise<void> {
    const { O_RDWR, O_CREAT } = this.node.fs.constants
    const file = await this.node.fs.open(this.incomplete, O_RDWR | O_CREAT)
    try {
      const written = await this.resume(file, advance)
      await file.truncate(written)
      await file.datasync()
    } catch (error) {
      // The range that was asked for is not there: what is here belongs to another file.
      if (error instanceof HubError && error.status === 416) await file.truncate(0)
      throw error
    } finally {
      await file.close()
    }
    await this.publish()
  }

  /** @returns the size of the file, which is whole then */
  private async resume(file: FileHandle, advance: (reached: number) => void): Promise<number> {
    const { size, sha256 } = this.transfer
    const present = await this.resumable(file)
    const content = new Content(this.node, file)
    await content.take(present)
    if (size === undefined || present < size) await this.receive(content, advance)
    if (size !== undefined && content.size !== size) {
      // What is too long cannot become right; what is too short is gone on from.
      if (content.size > size) await file.truncate(0)
      throw this.failure(content.size < size ? 'connection' : 'corrupt', `${size} bytes`, `${content.size}`)
    }
    const digest = content.digest()
    if (sha256 === undefined || digest.startsWith(sha256)) return content.size
    await file.truncate(0)
    throw this.failure('corrupt', `content of the SHA-256 ${sha256}${sha256.length < 64 ? '…' : ''}`, digest)
  }

  /** How much of an earlier attempt can be gone on from: nothing, where it cannot be told whether it is of the same. */
  private async resumable(file: FileHandle): Promise<number> {
    const { size, sha256 } = this.transfer
    const present = (await file.stat()).size
    const isSame = sha256 !== undefined || this.hostEtag !== undefined
    return isSame && (size === undefined || present <= size) ? present : 0
  }

  private async receive(content: Content, advance: (reached: number) => void): Promise<void> {
    const { settings, transfer } = this
    const watching = watch(transfer.subject, settings.signal, settings.timeout)
    try {
      const answer = await request(settings, {
        url: transfer.url,
        headers: this.headers(content.size),
        subject: transfer.subject,
        signal: watching.signal,
        redirects: 'all',
      })
      this.accept(answer, content)
      await this.write(answer.response, content, watching, advance)
    } finally {
      watching.end()
    }
  }

  private headers(present: number): Record<string, string> {
    return {
      'accept-encoding': 'identity',
      ...(present > 0 && { range: `bytes=${present}-` }),
      ...(present > 0 && this.hostEtag !== undefined && { 'if-range': this.hostEtag }),
    }
  }

  /** Finds out where the answer's body belongs. */
  private accept({ response }: HubAnswer, content: Content): void {
    const etag = response.headers.get('etag') ?? undefined
    const changed = this.hostEtag !== undefined && etag !== undefined && etag !== this.hostEtag
    // A weak one does not promise the same bytes.
    this.hostEtag = etag?.startsWith('W/') ? undefined : etag
    if (response.status !== 206) {
      content.restart()
      return
    }
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? []
    const fits =
      Number(start) === content.size && (total === '*' || Number(total) === (this.transfer.size ?? Number(total)))
    if (fits && !changed) return
    content.restart()
    response.body?.cancel().catch(() => {})
    this.hostEtag = undefined
    throw this.failure('corrupt', 'the part of the file that was asked for', 'another')
  }

  private async write(
    response: Response,
    content: Content,
    watching: Watch,
    advance: (reached: number) => void,
  ): Promise<void> {
    const { settings, transfer } = this
    const start = content.size
    const total = transfer.size ?? addLength(start, lengthOf(response))
    const tell = () => settings.onProgress?.({ file: transfer.file, loaded: content.size, total })
    const at = { subject: this.transfer.subject, signal: watching.signal }
    tell()
    const reader = response.body?.getReader()
    const sweep = startSweeping()
    try {
      for (;;) {
        const next = await send(async () => reader?.read(), at)
        if (!next || next.done) break
        watching.touch()
        await content.append(next.value)
        sweep(next.value.length)
        advance(content.size)
        tell()
        if (total !== undefined && content.size > total) break
      }
    } finally {
      await reader?.cancel().catch(() => {})
    }
    if (transfer.size === undefined && total !== undefined && content.size < total) {
      throw this.failure('connection', `${total} bytes`, `${content.size}`)
    }
  }

  /** One who came first has made it of the same bytes. */
  private async publish(): Promise<void> {
    const { fs } = this.node
    try {
      await fs.rename(this.incomplete, this.transfer.target)
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && (await isWhole(this.node, this.transfer))) return
      throw error
    }
  }

  private failure(kind: 'connection' | 'corrupt', expected: string, found: string): HubError {
    const advice = kind === 'corrupt' ? 'it was not kept: try again' : 'try again: it goes on from there'
    return new HubError({ subject: this.transfer.subject, expected, found, advice }, { kind })
  }
}

/** A file being written from its start to its end, and its digest. */
class Content {
  private readonly node: Node
  private readonly file: FileHandle
  private hash: Hash
  size = 0

  constructor(node: Node, file: FileHandle) {
    this.node = node
    this.file = file
    this.hash = node.crypto.createHash('sha256')
  }

  /** Takes what is in the file already. */
  async take(size: number): Promise<void> {
    const piece = new Uint8Array(Math.min(size, pieceSize))
    while (this.size < size) {
      const { bytesRead } = await this.file.read(piece, 0, Math.min(piece.length, size - this.size), this.size)
      if (bytesRead === 0) return
      this.hash.update(piece.subarray(0, bytesRead))
      this.size += bytesRead
    }
  }

  restart(): void {
    this.size = 0
    this.hash = this.node.crypto.createHash('sha256')
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, offset, bytes.length - offset, this.size + offset)
      offset += bytesWritten
    }
    this.hash.update(bytes)
    this.size += bytes.length
  }

  digest(): string {
    return this.hash.digest('hex')
  }
}

function addLength(start: number, length: number | undefined): number | undefined {
  return length === undefined ? undefined : start + length
}
