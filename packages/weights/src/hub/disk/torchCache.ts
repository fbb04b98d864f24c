import { readFile } from '../../sources/file.js'
import type { NodeFiles } from '../../sources/node.js'
import { quote } from '../../text.js'
import type { FetchedFile } from '../fetchedFile.js'
import type { Settings } from '../settings.js'
import { notCached, type TorchFile } from '../torchName.js'
import { download } from './download.js'
import { ifAbsent, onDisk } from './layout.js'
import type { Node } from './node.js'
import { torchCheckpoints } from './places.js'

/** For messages, and the variable that says where it is. */
export const torchCache = { name: 'cache of torch.hub', variable: 'TORCH_HOME' }

/** Where the lock of a file stands, beside it. */
export const lockOf = (target: string) => `${target}.resnet-ts.lock`

/** A file of torchvision through the cache of Python's `torch.hub`, which holds each under its own name. */
export function fetchToDisk(node: Node, file: TorchFile, settings: Settings): Promise<FetchedFile> {
  const { url, name, sha256 } = file
  const { signal } = settings
  const location = node.path.join(torchCheckpoints(node, settings.torchHome), name)
  const subject = quote(name)
  return onDisk(torchCache, async () => {
    if (!(await isThere(node, location))) {
      if (settings.offline) throw notCached(file)
      const target = { target: location, lock: lockOf(location), size: undefined }
      await download(node, { url, sha256, ...target, file: name, subject }, settings)
    }
    const { size } = await node.fs.stat(location)
    const files = node.fs as unknown as NodeFiles
    return { path: name, size, location, bytes: () => readFile(files, location, quote(location), signal) }
  })
}

async function isThere({ fs }: Node, location: string): Promise<boolean> {
  return (await fs.stat(location).catch(ifAbsent))?.isFile() === true
}
