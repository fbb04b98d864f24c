import { readBody } from '../sources/stream.js'
import { firstOf, quote } from '../text.js'
import { HubError } from './errors.js'
import { describeHubName, type HubName } from './hubName.js'
import { request, send } from './request.js'
import type { Settings } from './settings.js'
import { watch } from './watch.js'

/** A file of a repository, as the hub lists it. */
export interface ListedFile {
  readonly path: string
  readonly size: number | undefined
  /** Of the content, in hexadecimal, where the hub knows it. */
  readonly sha256: string | undefined
}

/** What is in a repository at a revision. */
export interface Listing {
  readonly commit: string
  readonly files: readonly ListedFile[]
}

/** In one attempt: `GET /api/models/OWNER/NAME/revision/REVISION?blobs=true`. */
export async function fetchListing(
  name: HubName,
  settings: Settings,
  redirects: 'own' | 'platform',
): Promise<{ readonly listing: Listing; readonly json: unknown }> {
  const url = `${settings.endpoint}/api/models/${name.repo}/revision/${encodeURIComponent(name.revision)}?blobs=true`
  const json = await fetchJson(url, describeHubName(name), settings, redirects)
  const listing = readListing(json)
  if (listing) return { listing, json }
  throw notListed(name)
}

/** The hub's answer, read as far as it is needed; nothing when it is another. */
export function readListing(json: unknown): Listing | undefined {
  const { sha, siblings } = recordOf(json)
  if (typeof sha !== 'string' || !Array.isArray(siblings)) return undefined
  const files = siblings.map(recordOf).flatMap(({ rfilename, size, lfs }): ListedFile[] => {
    if (typeof rfilename !== 'string') return []
    const { sha256 } = recordOf(lfs)
    return [
      {
        path: rfilename,
        size: typeof size === 'number' ? size : undefined,
        sha256: typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
      },
    ]
  })
  return { commit: sha, files }
}

/**
 * The error of a missing repository, revision or file, made to say what there is in its place, where the hub tells.
 */
export async function withWhatExists(error: HubError, name: HubName, settings: Settings): Promise<HubError> {
  if (error.kind !== 'missing' || error.code === 'RepoNotFound') return error
  const found = await whatExists(error, name, settings).catch(() => undefined)
  settings.signal?.throwIfAborted()
  return found ? new HubError({ ...error.details, found, advice: 'check the name', cause: error }, error) : error
}

async function whatExists(error: HubError, name: HubName, settings: Settings): Promise<string | undefined> {
  if (error.code === 'RevisionNotFound') {
    const url = `${settings.endpoint}/api/models/${name.repo}/refs`
    const { branches, tags } = recordOf(await fetchJson(url, describeHubName(name), settings, 'own'))
    const names = [branches, tags].flatMap((list) => (Array.isArray(list) ? list.map((ref) => recordOf(ref).name) : []))
    return `no revision ${quote(name.revision)} but ${firstOf(names.map(String), 12)}`
  }
  const { listing } = await fetchListing(name, settings, 'own')
  const paths = listing.files.map(({ path }) => quote(path))
  return paths.length > 0 ? `no such file but ${firstOf(paths, 12)}` : 'an empty repository'
}

async function fetchJson(
  url: string,
  subject: string,
  settings: Settings,
  redirects: 'own' | 'platform',
): Promise<unknown> {
  const watching = watch(subject, settings.signal, settings.timeout)
  const at = { subject, signal: watching.signal }
  try {
    const { response } = await request(settings, { url, ...at, redirects })
    const bytes = await send(() => readBody(response, undefined, watching.touch), at)
    return parseJson(bytes)
  } finally {
    watching.end()
  }
}

/** Nothing where it is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

/** The value as a record, empty when it is none: for answers that are somebody else's. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function notListed(name: HubName): HubError {
  return new HubError(
    {
      subject: describeHubName(name),
      expected: "the hub's list of its files",
      found: 'another answer',
      advice: 'see HF_ENDPOINT',
    },
    { kind: 'settings' },
  )
}
