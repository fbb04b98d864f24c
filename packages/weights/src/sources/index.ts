import { CheckpointError } from '../errors.js'
import { quote } from '../text.js'
import { type Fetch, fetchBytes, type Progress } from './fetch.js'
import { readFile } from './file.js'
import { nodeFiles } from './node.js'
import { platformFetch } from './proxy.js'

/**
 * Where a checkpoint is: a path (in Node) or a URL, as text or as a `URL`; a `Blob` or `File`, as an `<input>` gives;
 * or its bytes. In a page, a path is a URL relative to the page.
 */
export type CheckpointSource = string | URL | Blob | ArrayBuffer | Uint8Array

/** How a source is read. */
export interface SourceOptions {
  /** Aborts reading: the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Used for URLs. @defaultValue the platform's */
  readonly fetch?: Fetch | undefined
  /** Told, for URLs, how far the file has come. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The name of a source, for messages. */
export function describeSource(source: CheckpointSource): string {
  if (typeof source === 'string') return isFetched(source) ? describeUrl(source) : quote(source)
  if (isUrl(source)) return describeUrl(source.href)
  if (isBlob(source)) return 'name' in source ? quote(String(source.name)) : 'the blob'
  return 'the bytes'
}

/**
 * All bytes of a source.
 *
 * @throws {CheckpointError} when they cannot be had
 */
export async function bytesOf(source: CheckpointSource, options: SourceOptions): Promise<Uint8Array> {
  options.signal?.throwIfAborted()
  if (typeof source === 'string' || isUrl(source)) return bytesAt(source, options)
  if (isBlob(source)) return bytesOfBlob(source, options)
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  if (isBuffer(source)) return source.byteLength > 0 ? new Uint8Array(source) : new Uint8Array()
  throw new CheckpointError({
    subject: 'checkpoint source',
    expected: 'a path, a URL, a Blob or bytes',
    found: source === null ? 'null' : typeof source,
  })
}

function bytesAt(
  place: string | URL,
  { signal, fetch = platformFetch(), onProgress }: SourceOptions,
): Promise<Uint8Array> {
  const subject = describeSource(place)
  const address = typeof place === 'string' ? place : place.href
  if (isFetched(address)) return fetchBytes(address, subject, { signal, fetch, onProgress })
  const files = nodeFiles()
  if (!files) return fetchBytes(address, subject, { signal, fetch, onProgress })
  return readFile(files, /^file:/i.test(address) ? new URL(address) : place, subject, signal)
}

async function bytesOfBlob(blob: Blob, { signal }: SourceOptions): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await blob.arrayBuffer())
    signal?.throwIfAborted()
    return bytes
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    const subject = describeSource(blob)
    throw new CheckpointError({ subject, expected: 'a file that can be read', found: String(cause), cause })
  }
}

function isFetched(address: string): boolean {
  return /^(https?|data|blob):/i.test(address)
}

// Told by what they offer and not by their class, which differs from one realm (a frame, a test runner) to another.

function isUrl(source: CheckpointSource): source is URL {
  return isObject(source) && 'href' in source
}

function isBlob(source: CheckpointSource): source is Blob {
  return isObject(source) && 'arrayBuffer' in source
}

function isBuffer(source: CheckpointSource): source is ArrayBuffer {
  return isObject(source) && 'byteLength' in source && 'slice' in source
}

function isObject(source: unknown): source is object {
  return typeof source === 'object' && source !== null
}

/** Without its query and credentials, which may be secret. */
function describeUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return quote(url && /^https?:$/.test(url.protocol) ? url.origin + url.pathname : address)
}
