import { CheckpointError } from '../errors.js'
import type { Fetch } from './fetch.js'

interface MaybeNode {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly getBuiltinModule?: (name: string) => unknown
  }
}

/** What is used of Node's `module`. */
interface NodeModule {
  createRequire(url: string): (name: string) => unknown
}

/** What is used of undici. */
interface Undici {
  readonly EnvHttpProxyAgent: new () => object
  fetch(url: string, init: object): Promise<Response>
}

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']

/**
 * The platform's `fetch`; in Node, where the environment names a proxy, one that goes through it. Node's own does so
 * only since version 22.21, and only when told.
 */
export function platformFetch(): Fetch {
  const { process } = globalThis as MaybeNode
  if (!process?.getBuiltinModule || !variables.some((name) => process.env?.[name])) return globalThis.fetch
  const { createRequire } = process.getBuiltinModule('node:module') as NodeModule
  try {
    // Required when it is needed, by a way that a bundler for the web does not follow.
    const undici = createRequire(import.meta.url)('undici') as Undici
    const dispatcher = new undici.EnvHttpProxyAgent()
    return (url, init) => undici.fetch(url, { ...init, dispatcher })
  } catch {
    // The cause is left out: it may hold the proxy's address, and that a password.
    throw new CheckpointError({
      subject: 'proxy',
      expected: "an address in HTTPS_PROXY or HTTP_PROXY, and the package 'undici'",
      found: 'one of them amiss',
      advice: "install 'undici', check the address, or pass a fetch of your own",
    })
  }
}
