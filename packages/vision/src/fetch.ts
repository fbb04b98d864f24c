import { throwIfAborted } from './abort.js'
import { ImageError, reasonOf } from './errors.js'
import { grouped } from './image.js'
import type { DecodeOptions, FetchedResponse } from './source.js'

/** The largest encoded file that is read, in bytes: 1 GiB. A server could otherwise send without end. */
const maxFileBytes = 2 ** 30

/**
 * The bytes behind a URL.
 *
 * @throws {ImageError} when there is no answer, when it is an HTTP error, or when it is too long
 */
export async function fetchBytes(url: string, subject: string, options: DecodeOptions): Promise<Uint8Array> {
  const fetch = options.fetch ?? globalThis.fetch
  const expected = 'an image'
  try {
    const response = await fetch(url, options.signal ? { signal: options.signal } : {})
    if (!response.ok) {
      await response.body?.getReader().cancel()
      const found = `HTTP ${response.status} ${response.statusText}`.trim()
      throw new ImageError({ subject, expected, found, advice: 'check the address' })
    }
    return await readBody(response, subject)
  } catch (error) {
    throwIfAborted(options.signal)
    if (error instanceof ImageError) throw error
    const found = `no answer (${reasonOf(error)})`
    throw new ImageError({ subject, expected, found, advice: 'check the address and the connection', cause: error })
  }
}

async function readBody(response: FetchedResponse, subject: string): Promise<Uint8Array> {
  checkLength(Number(response.headers.get('content-length') ?? 0), subject)
  const reader = response.body?.getReader()
  if (!reader) return new Uint8Array(await response.arrayBuffer())
  const chunks: Uint8Array[] = []
  let length = 0
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    chunks.push(chunk.value!)
    length += chunk.value!.length
    if (length > maxFileBytes) await reader.cancel()
    checkLength(length, subject)
  }
  return concatenate(chunks, length)
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

/** @throws {ImageError} when a file has more bytes than are read */
export function checkLength(length: number, subject: string): void {
  if (length > maxFileBytes) {
    const expected = `a file of at most ${grouped(maxFileBytes)} bytes`
    throw new ImageError({ subject, expected, found: grouped(length) })
  }
}
