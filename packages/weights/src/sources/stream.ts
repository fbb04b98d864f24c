import { startSweeping } from './sweep.js'

/**
 * The body of an answer in memory, where it need be only once: a body whose length is known goes into one buffer of
 * that size. Longer ones than they said are taken whole too; shorter ones are for the caller to notice.
 *
 * @param total - bytes, where they are known
 * @param onBytes - told, after each piece, how many there are
 */
export async function readBody(
  response: Response,
  total: number | undefined = lengthOf(response),
  onBytes?: (loaded: number) => void,
): Promise<Uint8Array> {
  const reader = response.body?.getReader()
  if (!reader) return new Uint8Array(await response.arrayBuffer())
  let buffer: Uint8Array = new Uint8Array(total ?? 0)
  let loaded = 0
  const sweep = startSweeping()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      buffer = roomFor(buffer, loaded, next.value.length)
      buffer.set(next.value, loaded)
      loaded += next.value.length
      sweep(next.value.length)
      onBytes?.(loaded)
    }
  } catch (error) {
    await reader.cancel().catch(() => {})
    throw error
  }
  return loaded === buffer.length ? buffer : buffer.slice(0, loaded)
}

/** The length of a body that comes as it is; the header counts the compressed bytes of others. */
export function lengthOf(response: Response): number | undefined {
  if (
    response.headers.get('content-encoding')?.match(/[^\s]/) &&
    response.headers.get('content-encoding') !== 'identity'
  )
    return undefined
  const text = response.headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function roomFor(buffer: Uint8Array, loaded: number, more: number): Uint8Array {
  if (loaded + more <= buffer.length) return buffer
  const larger = new Uint8Array(Math.max(loaded + more, Math.ceil(buffer.length * 1.5), 1 << 16))
  larger.set(buffer.subarray(0, loaded))
  return larger
}
