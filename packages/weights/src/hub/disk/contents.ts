import { digestInName } from '../torchName.js'
import { ifAbsent } from './layout.js'
import type { Node } from './node.js'

/** A file of the caches. */
export interface CachedFile {
  /** `timm/resnet50.a1_in1k`; undefined for a file of torchvision's, which belongs to none. */
  readonly repo: string | undefined
  /** Undefined for a file of torchvision's. */
  readonly commit: string | undefined
  /** The branches and tags that were that commit when last looked up. */
  readonly revisions: readonly string[]
  /** In the repository, `model.safetensors`; or the name of torchvision's file, `resnet50-11ad3fa6.pth`. */
  readonly path: string
  /** Its path in the cache, which may be a link. */
  readonly location: string
  /** Where its content is: files of several commits may share one. The same as the location, where that is no link. */
  readonly content: string
  /** In bytes; undefined where the link leads nowhere. */
  readonly size: number | undefined
}

/** Of a repository's folder: owner and name. */
export const folderPattern = /^models--(.+?)--(.+)$/

/** The files of torchvision's that are there: those whose names carry the beginning of a SHA-256. */
export async function listTorchFiles(node: Node, folder: string): Promise<readonly CachedFile[]> {
  const files: CachedFile[] = []
  for (const name of ((await node.fs.readdir(folder).catch(ifAbsent)) ?? []).sort()) {
    if (digestInName(name) === undefined) continue
    const location = node.path.join(folder, name)
    const status = await node.fs.stat(location).catch(ifAbsent)
    if (status?.isFile() !== true) continue
    const { size } = status
    files.push({ repo: undefined, commit: undefined, revisions: [], path: name, location, content: location, size })
  }
  return files
}

/** The files of a repository, commit by commit. */
export async function listRepository(node: Node, folder: string, repo: string): Promise<readonly CachedFile[]> {
  const { fs, path } = node
  const refs = await readRefs(node, path.join(folder, 'refs'))
  const snapshots = path.join(folder, 'snapshots')
  const files: CachedFile[] = []
  for (const commit of ((await fs.readdir(snapshots).catch(ifAbsent)) ?? []).sort()) {
    const revisions = refs.filter((ref) => ref.commit === commit).map(({ name }) => name)
    for (const file of await listFiles(node, path.join(snapshots, commit))) {
      const location = path.join(snapshots, commit, ...file.split('/'))
      const status = await fs.stat(location).catch(ifAbsent)
      const content = (await fs.realpath(location).catch(ifAbsent)) ?? location
      files.push({ repo, commit, revisions, path: file, location, content, size: status?.size })
    }
  }
  return files
}

async function readRefs(node: Node, folder: string): Promise<readonly { name: string; commit: string }[]> {
  const names = await listFiles(node, folder)
  const read = async (name: string) => node.fs.readFile(node.path.join(folder, ...name.split('/')), 'utf8')
  return Promise.all(names.map(async (name) => ({ name, commit: (await read(name)).trim() })))
}

/** Paths of all files below a folder, from it, with `/`. */
async function listFiles(node: Node, folder: string, prefix = ''): Promise<readonly string[]> {
  const files: string[] = []
  for (const name of ((await node.fs.readdir(folder).catch(ifAbsent)) ?? []).sort()) {
    const place = node.path.join(folder, name)
    const status = await node.fs.stat(place).catch(ifAbsent)
    if (status?.isDirectory()) files.push(...(await listFiles(node, place, `${prefix}${name}/`)))
    else if (!name.endsWith('.tmp')) files.push(prefix + name)
  }
  return files
}
