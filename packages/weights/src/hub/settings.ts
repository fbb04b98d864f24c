import type { Fetch, Progress } from '../sources/fetch.js'
import { platformFetch } from '../sources/proxy.js'
import { HubError } from './errors.js'

/** How a hub is reached. What is left out is read from the environment, under the names that Python's client uses. */
export interface HubOptions {
  /** The hub's address. @defaultValue `HF_ENDPOINT`, or `https://huggingface.co` */
  readonly endpoint?: string | undefined
  /** For private and gated models; sent to the endpoint alone. @defaultValue `HF_TOKEN` */
  readonly token?: string | undefined
  /** True takes from the cache alone. @defaultValue whether `HF_HUB_OFFLINE` is `1` */
  readonly offline?: boolean | undefined
  /**
   * Where files are kept, in Node. @defaultValue `HF_HUB_CACHE`, or `hub` in `HF_HOME`, or
   * `~/.cache/huggingface/hub`: Python's own
   */
  readonly cacheDir?: string | undefined
  /**
   * Where torchvision's files are kept, in Node: in `hub/checkpoints` of it. @defaultValue `TORCH_HOME`, or
   * `~/.cache/torch`: Python's own
   */
  readonly torchHome?: string | undefined
  /** Used in place of the platform's, or of the proxy that `HTTPS_PROXY` names. */
  readonly fetch?: Fetch | undefined
  /** Ends it at any moment; what has come so far is kept, and the next download goes on from there. */
  readonly signal?: AbortSignal | undefined
  /** Told how far each file has come. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** How often in a row an attempt may fail, before the whole does. @defaultValue 5 */
  readonly attempts?: number | undefined
  /** Milliseconds before the second attempt; doubled for each after it. @defaultValue 500 */
  readonly retryDelay?: number | undefined
  /** Milliseconds without an answer or a byte after which an attempt has failed. @defaultValue 30,000 */
  readonly timeout?: number | undefined
}

/** The options with everything filled in, and checked. */
export interface Settings {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly token: string | undefined
  readonly offline: boolean
  readonly cacheDir: string | undefined
  readonly torchHome: string | undefined
  readonly fetch: Fetch
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly attempts: number
  readonly retryDelay: number
  readonly timeout: number
}

interface MaybeNode {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> }
}

/** The variables of the process; none in a page. One that is empty counts as not set. */
export function environment(name: string): string | undefined {
  return (globalThis as MaybeNode).process?.env?.[name] || undefined
}

/** @throws {HubError} when an address or a token cannot be used; the signal's reason once it is aborted */
export function settingsOf(options: HubOptions): Settings {
  options.signal?.throwIfAborted()
  return {
    endpoint: endpointOf(options.endpoint ?? environment('HF_ENDPOINT') ?? 'https://huggingface.co'),
    token: tokenOf(options.token ?? environment('HF_TOKEN')),
    offline: options.offline ?? /^(1|true|yes|on)$/i.test(environment('HF_HUB_OFFLINE') ?? ''),
    cacheDir: options.cacheDir,
    torchHome: options.torchHome,
    fetch: options.fetch ?? platformFetch(),
    signal: options.signal,
    onProgress: options.onProgress,
    attempts: Math.max(1, options.attempts ?? 5),
    retryDelay: Math.max(0, options.retryDelay ?? 500),
    timeout: Math.max(1, options.timeout ?? 30_000),
  }
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash) {
    return url.href.replace(/\/+$/, '')
  }
  // It is not quoted: it may hold a password.
  throw new HubError(
    {
      subject: "hub's address",
      expected: 'an http or https address without user, password or query',
      found: 'another text',
      advice: 'see HF_ENDPOINT',
    },
    { kind: 'settings' },
  )
}

function tokenOf(text: string | undefined): string | undefined {
  const token = text?.trim()
  if (!token || /^[\x21-\x7e]+$/.test(token)) return token || undefined
  throw new HubError(
    {
      subject: "hub's token",
      expected: 'printable characters without spaces',
      found: 'others',
      advice: 'see HF_TOKEN',
    },
    { kind: 'settings' },
  )
}
