import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A repository as the server has it. */
export interface ServedRepository {
  commit: string
  files: Record<string, Buffer>
  /** The token without which nobody gets in. */
  token?: string
  gated?: boolean
}

/** What goes wrong with a request that it applies to; then it is spent. */
export interface Fault {
  /** `hub` for the hub itself, `host` for that of the large files. */
  readonly on: 'hub' | 'host'
  readonly method?: 'GET' | 'HEAD'
  readonly path?: RegExp
  /** How many requests it spoils. @defaultValue 1 */
  times?: number
  /** The answer's status. */
  readonly status?: number
  readonly headers?: Record<string, string>
  /** The connection is cut after so many bytes of the body. */
  readonly cut?: number
  /** Nothing more comes after so many bytes of the body. */
  readonly silent?: number
  /** The body is other bytes of the same length. */
  readonly garbled?: boolean
  /** The range is left aside, and all of the file sent, as by a server that knows none. */
  readonly whole?: boolean
}

/** A request that came. */
export interface Seen {
  readonly on: 'hub' | 'host'
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

/** A hub that speaks the protocol of huggingface.co, with large files on a host of their own. */
export interface HubServer {
  readonly endpoint: string
  /** Where the host has files of its own, by their names, as torchvision publishes them: ends in a slash. */
  readonly models: string
  readonly published: Record<string, Buffer>
  readonly repositories: Record<string, ServedRepository>
  readonly faults: Fault[]
  readonly seen: Seen[]
  close(): Promise<void>
}

export const commitOf = (digit: string) => digit.repeat(40)
const isLarge = (path: string) => /\.(safetensors|bin)$/.test(path)
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const gitOid = (bytes: Buffer) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

const md5 = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}-1"`

export async function serveHub(repositories: Record<string, ServedRepository>): Promise<HubServer> {
  const published: Record<string, Buffer> = {}
  const faults: Fault[] = []
  const seen: Seen[] = []
  const answer =
    (on: 'hub' | 'host', handle: (request: IncomingMessage, response: ServerResponse, fault?: Fault) => unknown) =>
    (request: IncomingMessage, response: ServerResponse) => {
      allowPages(request, response)
      if (request.method === 'OPTIONS') return response.writeHead(204).end()
      seen.push({ on, method: request.method!, url: request.url!, headers: request.headers })
      const index = faults.findIndex(
        (fault) =>
          fault.on === on &&
          (fault.method ?? request.method) === request.method &&
          (fault.path ?? /(?:)/).test(request.url!),
      )
      const fault = faults[index]
      if (fault) {
        fault.times = (fault.times ?? 1) - 1
        if (fault.times <= 0) faults.splice(index, 1)
        if (fault.status) return response.writeHead(fault.status, fault.headers).end('a body that is no file')
      }
      return handle(request, response, fault)
    }
  const host = createServer(answer('host', (...details) => serveHostRequest(repositories, published, ...details)))
  const hostOrigin = await listen(host)
  const hub = createServer(answer('hub', (...details) => serveHubRequest(repositories, hostOrigin, ...details)))
  const endpoint = await listen(hub)
  const models = `${hostOrigin}/models/`
  return {
    endpoint,
    models,
    published,
    repositories,
    faults,
    seen,
    close: async () => void (await Promise.all([hub, host].map(close))),
  }
}

/** Pages of all origins may ask, and see what the hub tells in headers. */
function allowPages({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'X-Repo-Commit,X-Error-Code,ETag,X-Linked-Size,X-Linked-ETag')
  const asked = headers['access-control-request-headers']
  if (asked) response.setHeader('access-control-allow-headers', asked)
}

function serveHubRequest(
  repositories: Record<string, ServedRepository>,
  host: string,
  request: IncomingMessage,
  response: ServerResponse,
  fault?: Fault,
): unknown {
  const url = new URL(request.url!, 'http://hub')
  const [, api, repo, kind, encoded, path = ''] =
    /^(\/api\/models)?\/([^/]+\/[^/]+)\/(resolve|revision|refs)\/?([^/]*)\/?(.*)$/.exec(url.pathname) ?? []
  const refuse = (status: number, code: string) => response.writeHead(status, { 'x-error-code': code }).end('no')
  const repository = repositories[repo ?? '']
  // The hub does not tell a stranger what there is.
  if (!repository) return refuse(request.headers.authorization ? 404 : 401, 'RepoNotFound')
  if (repository.token && request.headers.authorization !== `Bearer ${repository.token}`) {
    return refuse(repository.gated ? 403 : 401, repository.gated ? 'GatedRepo' : 'RepoNotFound')
  }
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  if (api && kind === 'refs') return json({ branches: [{ name: 'main' }], tags: [{ name: 'v1.0' }] })
  if (!['main', 'v1.0', repository.commit].includes(decodeURIComponent(encoded!)))
    return refuse(404, 'RevisionNotFound')
  if (api) {
    const siblings = Object.entries(repository.files).map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      blobId: gitOid(bytes),
      ...(isLarge(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
    }))
    return json({ id: repo, sha: repository.commit, siblings })
  }
  const file = decodeURIComponent(path)
  const bytes = repository.files[file]
  response.setHeader('x-repo-commit', repository.commit)
  if (!bytes) return refuse(404, 'EntryNotFound')
  if (!isLarge(file)) return send(request, response, bytes, `"${gitOid(bytes)}"`, fault)
  return response
    .writeHead(302, {
      location: `${host}/${repo}/${file}?X-Amz-Signature=secret-signature`,
      'x-linked-etag': `"${sha256(bytes)}"`,
      'x-linked-size': String(bytes.length),
      etag: `"${gitOid(bytes)}"`,
    })
    .end('Found. Redirecting')
}

function serveHostRequest(
  repositories: Record<string, ServedRepository>,
  published: Record<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
  fault?: Fault,
): unknown {
  const url = new URL(request.url!, 'http://host')
  const [, name] = /^\/models\/([^/]+)$/.exec(url.pathname) ?? []
  if (name !== undefined) {
    const bytes = published[name]
    // As S3 says of what it does not have.
    return bytes ? send(request, response, bytes, md5(bytes), fault) : response.writeHead(403).end()
  }
  const [, repo, file] = /^\/([^/]+\/[^/]+)\/(.*)$/.exec(decodeURIComponent(url.pathname)) ?? []
  const bytes = repositories[repo ?? '']?.files[file ?? '']
  // As S3 does, which takes two kinds of authorisation at once amiss.
  if (request.headers.authorization) return response.writeHead(400).end()
  if (!bytes || url.searchParams.get('X-Amz-Signature') !== 'secret-signature') return response.writeHead(403).end()
  return send(request, response, bytes, md5(bytes), fault)
}

function send(request: IncomingMessage, response: ServerResponse, bytes: Buffer, etag: string, fault?: Fault): unknown {
  const range = /^bytes=(\d+)-$/.exec(fault?.whole ? '' : (request.headers.range ?? ''))
  const condition = request.headers['if-range']
  const start = range && (condition === undefined || condition === etag) ? Number(range[1]) : undefined
  if (start !== undefined && start >= bytes.length) {
    return response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
  }
  const body = fault?.garbled ? Buffer.alloc(bytes.length - (start ?? 0), 7) : bytes.subarray(start ?? 0)
  response.writeHead(start === undefined ? 200 : 206, {
    etag,
    'accept-ranges': 'bytes',
    'content-length': body.length,
    ...(start !== undefined && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  })
  if (request.method === 'HEAD') return response.end()
  const cut = fault?.cut ?? fault?.silent
  if (cut === undefined || cut >= body.length) return response.end(body)
  response.flushHeaders()
  const stop = () => fault?.cut !== undefined && response.destroy()
  if (cut === 0) stop()
  // A browser drops what it has not read when a connection ends.
  else response.write(body.subarray(0, cut), () => setTimeout(stop, 100))
  return response
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
