import type { ErrorDetails } from '@resnet-ts/graph'
import { CheckpointError } from '../errors.js'

/**
 * What kept a file of the hub from being had:
 *
 * - `offline`: it is not in the cache, and the network is not to be used
 * - `connection`: the hub cannot be reached, fell silent, or was cut off, time after time
 * - `server`: the hub answers with an error of its own (5xx), or asks for patience (429), time after time
 * - `permission`: it is private, gated or not there, as 401 and 403 say
 * - `missing`: no such model, revision or file
 * - `corrupt`: what came is not what the hub announced
 * - `cache`: the cache cannot be written or read
 * - `settings`: an address, a token or a name that cannot be used
 */
export type HubErrorKind =
  | 'offline'
  | 'connection'
  | 'server'
  | 'permission'
  | 'missing'
  | 'corrupt'
  | 'cache'
  | 'settings'

/** How a hub failed, beyond the sentence. */
export interface HubFailure {
  /** What kept the file from being had. */
  readonly kind: HubErrorKind
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined
  /** What the hub calls it: `RepoNotFound`, `EntryNotFound`, `GatedRepo`, … */
  readonly code?: string | undefined
  /** How long the hub asks to be left alone, in milliseconds. */
  readonly retryAfter?: number | undefined
}

/** A file of the hub that cannot be had. Its message never holds a token, or the query of an address. */
export class HubError extends CheckpointError implements HubFailure {
  /** `HubError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'HubError'
  /** What kept the file from being had. */
  readonly kind: HubErrorKind
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined
  /** What the hub calls it: `RepoNotFound`, `EntryNotFound`, `GatedRepo`, … */
  readonly code: string | undefined
  /** How long the hub asks to be left alone, in milliseconds. */
  readonly retryAfter: number | undefined

  constructor(details: ErrorDetails, failure: HubFailure) {
    super(details)
    this.kind = failure.kind
    this.status = failure.status
    this.code = failure.code
    this.retryAfter = failure.retryAfter
  }
}
