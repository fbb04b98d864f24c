import { quote } from '../text.js'
import { nodeOf } from './disk/node.js'
import type { FetchedFile } from './fetchedFile.js'
import { MemoryDownload } from './memoryDownload.js'
import { bytesFromCache, intoCache } from './pageCache.js'
import { withRetries } from './retry.js'
import { type HubOptions, type Settings, settingsOf } from './settings.js'
import { notCached, type TorchFile, torchFileOf } from './torchName.js'

/**
 * Brings a file of torchvision through the cache of `torch.hub`, in a page through the Cache API. Its name ends in the
 * first digits of its SHA-256, with which it is compared.
 *
 * @param url - `https://download.pytorch.org/models/resnet50-11ad3fa6.pth`
 * @throws {HubError} when it cannot be had, or is another; the signal's reason once it is aborted
 */
export async function fetchTorchFile(url: string, options: HubOptions = {}): Promise<FetchedFile> {
  const file = torchFileOf(url)
  const settings = settingsOf(options)
  const node = nodeOf()
  return node ? (await import('./disk/torchCache.js')).fetchToDisk(node, file, settings) : fetchInPage(file, settings)
}

async function fetchInPage(file: TorchFile, settings: Settings): Promise<FetchedFile> {
  const { url, name, sha256 } = file
  const bytes = (await bytesFromCache(url, settings.signal)) ?? (await fetchAndKeep())
  return { path: name, size: bytes.length, location: undefined, bytes: async () => bytes }

  async function fetchAndKeep(): Promise<Uint8Array> {
    if (settings.offline) throw notCached(file)
    const transfer = { url, sha256, size: undefined, file: name, subject: quote(name) }
    const download = new MemoryDownload(transfer, settings)
    const fetched = await withRetries(settings, (advance) => download.attempt(advance))
    await intoCache(url, fetched)
    return fetched
  }
}
