import { CheckpointError } from '../errors.js'
import { lengthOf, readBody } from './stream.js'

/** The part of the platform's `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    readonly signal?: AbortSignal
    readonly method?: 'GET' | 'HEAD'
    readonly headers?: Record<string, string>
    readonly redirect?: 'follow' | 'manual'
    readonly cache?: 'no-store'
  },
) => Promise<Response>

/** How far a file has come. */
export interface Progress {
  /** Its path in the repository; of a plain address, the last part of that. */
  readonly file: string
  /** Bytes that are here, those of an earlier attempt included. */
  readonly loaded: number
  /** Bytes in all, where the server says so. */
  readonly total: number | undefined
}

/** How a file is fetched. */
export interface FetchOptions {
  readonly signal?: AbortSignal | undefined
  readonly fetch: Fetch
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** @throws {CheckpointError} when the server cannot be reached or answers anything but the file; the signal's reason
 * once it is aborted */
export async function fetchBytes(
  url: string,
  subject: string,
  { signal, fetch, onProgress }: FetchOptions,
): Promise<Uint8Array> {
  const expected = 'a file to download'
  try {
    const response = await fetch(url, signal ? { signal } : {})
    if (!response.ok) {
      const found = `HTTP status ${response.status} ${response.statusText}`.trimEnd()
      throw new CheckpointError({ subject, expected, found, advice: adviceFor(response.status) })
    }
    const length = lengthOf(response)
    const file = lastPartOf(url)
    const bytes = await readBody(response, length, (loaded) => onProgress?.({ file, loaded, total: length }))
    if (length === undefined || bytes.length === length) return bytes
    throw new CheckpointError({
      subject,
      expected: `its ${length} bytes`,
      found: String(bytes.length),
      advice: 'try again',
    })
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (cause instanceof CheckpointError) throw cause
    const found = `a failure of the connection (${reasonOf(cause)})`
    throw new CheckpointError({ subject, expected, found, advice: 'try again', cause })
  }
}

/** What a file at an address is called; `data` and `blob` for those that have no name. */
function lastPartOf(url: string): string {
  const { protocol, pathname } = new URL(url, 'http://page')
  if (!/^https?:$/.test(protocol)) return protocol.slice(0, -1)
  return pathname.split('/').findLast((part) => part !== '') ?? 'file'
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return 'it needs permission: download it where you have it, and name the file'
  if (status === 404 || status === 410) return 'check the address'
  return 'try again later'
}

/** Node hides what went wrong in the cause of a `TypeError: fetch failed`. */
export function reasonOf(error: unknown): string {
  const innermost = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(innermost instanceof Error)) return String(innermost)
  return innermost.message || ('code' in innermost ? String(innermost.code) : innermost.name)
}
