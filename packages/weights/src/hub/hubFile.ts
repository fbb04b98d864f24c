/** A file of the hub that is here. */
export interface HubFile {
  /** In the repository: `model.safetensors`. */
  readonly path: string
  readonly commit: string
  /** In bytes. */
  readonly size: number
  /** Where it lies in the cache; none in a page. */
  readonly location: string | undefined
  /** @throws {CheckpointError} when it can no longer be read; the signal's reason once it is aborted */
  bytes(): Promise<Uint8Array>
}

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
