const cacheName = 'resnet-ts-hub'

// A cache that is not there, is full or is forbidden must not keep a page from its model.

export async function fromCache(key: string): Promise<Response | undefined> {
  try {
    return await (await globalThis.caches?.open(cacheName))?.match(key)
  } catch {
    return undefined
  }
}

export async function intoCache(key: string, content: BodyInit): Promise<void> {
  try {
    await (await globalThis.caches?.open(cacheName))?.put(key, new Response(content))
  } catch {
    return
  }
}

/** @throws the signal's reason once it is aborted */
export async function bytesFromCache(
  key: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept = await fromCache(key)
  const bytes = kept && new Uint8Array(await kept.arrayBuffer())
  signal?.throwIfAborted()
  return bytes
}
