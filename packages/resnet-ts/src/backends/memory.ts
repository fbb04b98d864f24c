/** What is taken of Node, asked of the running process rather than imported, for the sake of bundlers. */
interface Node {
  readonly fs: Pick<typeof import('node:fs/promises'), 'mkdir' | 'readFile' | 'rename' | 'rm' | 'writeFile'>
  readonly path: Pick<typeof import('node:path'), 'join'>
  readonly os: Pick<typeof import('node:os'), 'cpus' | 'homedir'>
  readonly crypto: Pick<typeof import('node:crypto'), 'createHash' | 'randomUUID'>
  readonly process: Pick<typeof import('node:process'), 'env' | 'version'>
}

const cacheName = 'resnet-ts-fastest'

// A memory that is not there, is full or is forbidden must not keep anybody from a model.

/** What was remembered under a key on this machine, or in this browser for the page's origin. */
export async function recall(key: string): Promise<unknown> {
  try {
    const text = await read(key)
    const kept = text === undefined ? undefined : JSON.parse(text)
    return kept?.key === key ? kept.value : undefined
  } catch {
    return undefined
  }
}

/** In Node in `resnet-ts/fastest` of `XDG_CACHE_HOME`, or of `~/.cache`; in a page and its workers by the Cache API. */
export async function remember(key: string, value: unknown): Promise<void> {
  try {
    await write(key, `${JSON.stringify({ key, value }, undefined, 2)}\n`)
  } catch {
    return
  }
}

/** Whose memory it is: the processor and Node, or the browser. */
export function machine(): string {
  const node = nodeOf()
  if (node) return `${node.os.cpus()[0]?.model.trim()}, Node ${node.process.version}`
  return globalThis.navigator?.userAgent ?? 'an unknown browser'
}

async function read(key: string): Promise<string | undefined> {
  const node = nodeOf()
  if (node) return node.fs.readFile(fileOf(node, key), 'utf8')
  return (await (await caches.open(cacheName)).match(addressOf(key)))?.text()
}

async function write(key: string, text: string): Promise<void> {
  const node = nodeOf()
  if (!node) return (await caches.open(cacheName)).put(addressOf(key), new Response(text))
  const file = fileOf(node, key)
  const whole = `${file}.${node.crypto.randomUUID()}.tmp`
  await node.fs.mkdir(folderOf(node), { recursive: true })
  try {
    await node.fs.writeFile(whole, text)
    await node.fs.rename(whole, file)
  } catch (error) {
    await node.fs.rm(whole, { force: true })
    throw error
  }
}

function folderOf({ os, path, process }: Node): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'resnet-ts', 'fastest')
}

function fileOf(node: Node, key: string): string {
  return node.path.join(folderOf(node), `${node.crypto.createHash('sha256').update(key).digest('hex')}.json`)
}

/** The Cache API keeps answers to addresses; nobody has this one. */
function addressOf(key: string): string {
  return `https://resnet-ts.invalid/fastest?${encodeURIComponent(key)}`
}

/** Nothing in a page. */
function nodeOf(): Node | undefined {
  const { process } = globalThis as { readonly process?: typeof import('node:process') }
  const get = process?.getBuiltinModule
  const fs = get?.('node:fs/promises')
  if (!process || !get || !fs) return undefined
  return { fs, path: get('node:path'), os: get('node:os'), crypto: get('node:crypto'), process }
}
