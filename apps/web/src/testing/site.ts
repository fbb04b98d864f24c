import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { contentType, type Site, serve } from '@resnet-ts/testing/chromium'

const built = fileURLToPath(new URL('../../dist/', import.meta.url))

/** The site as it is built, served as a static server does. */
export interface ServedSite extends Site {
  /** The files that were asked for so far, in order. */
  readonly asked: readonly string[]
  /** Serves another text in the place of a file, as a newer version of the site would. */
  replace(name: string, text: string): void
}

export interface SiteOptions {
  /** Where the site is on its server. @defaultValue a path of several parts */
  readonly path?: string
  /** Whether the server sends what `_headers` says: the policy and isolation. @defaultValue true */
  readonly headers?: boolean
}

export async function serveSite({ path = '/some/where/', headers = true }: SiteOptions = {}): Promise<ServedSite> {
  if (!existsSync(join(built, 'index.html'))) throw new Error(`build the site first: there is none in ${built}`)
  const sent = headers ? await headersOfAll() : {}
  const asked: string[] = []
  const replaced = new Map<string, Buffer>()
  const site = await serve(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : undefined
    const body = name === undefined ? undefined : (replaced.get(name) ?? (await readBuilt(name).catch(() => undefined)))
    if (name !== undefined && body) asked.push(name)
    response.writeHead(body ? 200 : 404, { 'content-type': contentType(name ?? ''), ...sent }).end(body)
  })
  const replace = (name: string, text: string) => replaced.set(name, Buffer.from(text))
  return { ...site, url: new URL(path, site.url).href, asked, replace }
}

export function readBuilt(name: string): Promise<Buffer> {
  return readFile(join(built, name))
}

/** What the built `_headers` asks a server to send with every file. */
async function headersOfAll(): Promise<Readonly<Record<string, string>>> {
  const [, forAll = ''] = /^\/\*\n((?: {2}.*\n)*)/.exec(await readFile(join(built, '_headers'), 'utf8')) ?? []
  return Object.fromEntries(
    forAll
      .trimEnd()
      .split('\n')
      .map((line) => line.trim())
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
}

/** How many bytes of the built site go over the wire, compressed, for these files. */
export async function compressedBytes(files: Iterable<string>): Promise<number> {
  const sizes = await Promise.all(
    [...files].map(async (name) => gzipSync(await readFile(join(built, name)), { level: 9 }).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
