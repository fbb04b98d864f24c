import { quote } from '../text.js'
import { HubError } from './errors.js'
import type { HubName } from './hubName.js'
import { type HubAnswer, request } from './request.js'
import type { Settings } from './settings.js'
import { watch } from './watch.js'

/** A file as the hub announces it. */
export interface RemoteFile {
  readonly path: string
  readonly commit: string
  /** Where its content, whatever it is called, is kept under in the cache: the SHA-256 of large files. */
  readonly etag: string | undefined
  readonly size: number | undefined
  /** In hexadecimal. */
  readonly sha256: string | undefined
}

/** Where a file is; of a commit where one is given, and then always the same. */
export function fileUrl(settings: Settings, name: HubName, path: string, commit = name.revision): string {
  const file = path.split('/').map(encodeURIComponent).join('/')
  return `${settings.endpoint}/${name.repo}/resolve/${encodeURIComponent(commit)}/${file}`
}

/** For messages: `'timm/resnet50.a1_in1k', file 'config.json'`. */
export function describeFile({ repo }: HubName, path: string): string {
  return `${quote(repo)}, file ${quote(path)}`
}

/**
 * What the hub says of a file, in one attempt, as Python's client asks: `HEAD`, where `X-Linked-Etag` and
 * `X-Linked-Size` tell of a large file that lies on another host, and `ETag` and `Content-Length` of one that does not.
 */
export async function describeRemote(name: HubName, path: string, settings: Settings): Promise<RemoteFile> {
  const subject = describeFile(name, path)
  const watching = watch(subject, settings.signal, settings.timeout)
  try {
    const answer = await request(settings, {
      url: fileUrl(settings, name, path),
      method: 'HEAD',
      // Otherwise the length may be that of a compressed body.
      headers: { 'accept-encoding': 'identity' },
      subject,
      signal: watching.signal,
      redirects: 'own',
    })
    return readHeaders(answer, path, subject)
  } finally {
    watching.end()
  }
}

function readHeaders({ response, header }: HubAnswer, path: string, subject: string): RemoteFile {
  const commit = header('x-repo-commit')
  if (commit === undefined || !/^[\w-]{1,64}$/.test(commit)) {
    throw new HubError(
      { subject, expected: "the header X-Repo-Commit in the hub's answer", found: 'none', advice: 'see HF_ENDPOINT' },
      { kind: 'settings' },
    )
  }
  const etag = plainEtag(header('x-linked-etag') ?? header('etag'))
  // The length of a redirection is its own.
  const length = header('x-linked-size') ?? (response.ok ? response.headers.get('content-length') : null)
  return {
    path,
    commit,
    etag,
    size: length && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    sha256: etag && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined,
  }
}

/** Without quotes and the mark of a weak one. */
function plainEtag(text: string | undefined): string | undefined {
  return text?.replace(/^W\//, '').replace(/^"(.*)"$/, '$1') || undefined
}
