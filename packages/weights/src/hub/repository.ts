import type { HubFile } from './fetchedFile.js'

/** A repository at a revision, of which the commit stays the same once it is known. */
export interface Repository {
  /**
   * The first of these files that there is, from the cache or the hub.
   *
   * @throws {HubError} when it cannot be had; of the kind `missing` when there is none of them
   */
  fetch(paths: readonly string[]): Promise<HubFile>
  /** The same, but nothing where there is none of them, or where the cache is all there is and has none. */
  fetchIfAny(paths: readonly string[]): Promise<HubFile | undefined>
}
