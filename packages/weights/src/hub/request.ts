import { reasonOf } from '../sources/fetch.js'
import { HubError, type HubFailure } from './errors.js'
import type { Settings } from './settings.js'

/** What is asked of the hub, in one attempt. */
export interface HubRequest {
  readonly url: string
  readonly method?: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  /** For messages. */
  readonly subject: string
  readonly signal: AbortSignal
  /**
   * Whether redirections are followed: all of them, or only those that stay on the hub. A page's `fetch` shows no
   * redirection, and follows all by itself; it keeps the token from other hosts.
   */
  readonly redirects: 'all' | 'own' | 'platform'
}

/** The answer, with the headers that its redirections had and it lacks. */
export interface HubAnswer {
  readonly response: Response
  header(name: string): string | undefined
}

const mostRedirections = 10

/** A browser's own cache would keep all files a second time, and answers ranges in ways of its own. */
const inPage = { redirect: 'follow', cache: 'no-store' } as const

/**
 * One attempt: the answer, or the last redirection that is not to be followed. The token goes to the hub's own origin
 * alone.
 *
 * @throws {HubError} when the hub cannot be reached or answers with an error; the signal's reason once it is aborted
 */
export async function request(settings: Settings, details: HubRequest): Promise<HubAnswer> {
  const { subject, redirects, method = 'GET' } = details
  // Apart from its object: a page's own refuses to be called as a method of another.
  const { fetch } = settings
  const hub = new URL(settings.endpoint).origin
  const seen: Response[] = []
  let url = new URL(details.url)
  for (let count = 0; count <= mostRedirections; count++) {
    const headers = { ...details.headers, ...(settings.token && url.origin === hub && bearer(settings.token)) }
    const mode = redirects === 'platform' ? inPage : ({ redirect: 'manual' } as const)
    const response = await send(() => fetch(url.href, { method, headers, ...mode, signal: details.signal }), details)
    seen.push(response)
    const answer = { response, header: (name: string) => headerOf(seen, name) }
    if (response.ok) return answer
    const next = nextUrl(response, url)
    if (!next) throw refusal(response, subject, placeOf(url, hub, count), settings)
    if (redirects === 'own' && next.origin !== hub) return answer
    if (url.protocol === 'https:' && next.protocol !== 'https:') break
    await response.body?.cancel().catch(() => {})
    url = next
  }
  throw new HubError(
    { subject, expected: 'a file to download', found: 'redirections without an end, or to an address without TLS' },
    { kind: 'settings' },
  )
}

/** Turns whatever `fetch` throws into a `HubError`. */
export async function send<T>(attempt: () => Promise<T>, at: { subject: string; signal: AbortSignal }): Promise<T> {
  try {
    return await attempt()
  } catch (cause) {
    if (at.signal.aborted) throw at.signal.reason
    if (cause instanceof HubError) throw cause
    throw new HubError(
      {
        subject: at.subject,
        expected: 'a connection to the hub',
        found: `a failure of it (${reasonOf(cause)})`,
        advice: 'try again',
        cause,
      },
      { kind: 'connection' },
    )
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

function headerOf(responses: readonly Response[], name: string): string | undefined {
  for (const { headers } of responses) {
    const value = headers.get(name)
    if (value !== null) return value
  }
  return undefined
}

function nextUrl({ status, headers }: Response, base: URL): URL | undefined {
  const location = [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null
  if (location === null || !URL.canParse(location, base.href)) return undefined
  const next = new URL(location, base)
  return /^https?:$/.test(next.protocol) ? next : undefined
}

/** Who answered: the hub, a host that another sent us to, or a host that was asked for a file of its own. */
type Place = 'hub' | 'redirected' | 'own'

function placeOf(url: URL, hub: string, redirections: number): Place {
  if (url.origin === hub) return 'hub'
  return redirections > 0 ? 'redirected' : 'own'
}

function refusal(response: Response, subject: string, place: Place, { token }: Settings): HubError {
  const { status, statusText, headers } = response
  response.body?.cancel().catch(() => {})
  const code = headers.get('x-error-code') ?? undefined
  const failure = { status, code, retryAfter: retryAfterOf(headers) }
  const found = `HTTP status ${status} ${statusText}`.trimEnd()
  const fail = (kind: HubFailure['kind'], expected: string, advice: string) =>
    new HubError({ subject, expected, found, advice }, { ...failure, kind })
  // A signature that has run out is refused by the host of the files: the hub gives a new one.
  const forbidden = status === 401 || status === 403
  if (forbidden && place === 'redirected') return fail('server', 'a file to download', 'try again later')
  // Buckets say so too of what they do not have.
  if (forbidden && place === 'own') return fail('permission', 'a file that may be read', 'check the address')
  if (forbidden) {
    const gated = code === 'GatedRepo' ? 'accept its conditions on its page, and ' : ''
    const advice = token
      ? `${gated}check the name, and whether the token (HF_TOKEN) may read it`
      : `${gated}check the name, or set HF_TOKEN to a token that may read it`
    return fail('permission', 'one that may be read', advice)
  }
  if (status === 404 || status === 410)
    return fail('missing', place === 'hub' ? 'one that the hub has' : 'a file at its address', 'check the name')
  if (status === 416) return fail('corrupt', 'the rest of the file', 'try again')
  if (status === 408 || status === 429 || status >= 500) return fail('server', 'an answer', 'try again later')
  return fail('settings', 'a file to download', 'check the name, and HF_ENDPOINT')
}

/** In milliseconds, from a number of seconds or a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined
}
