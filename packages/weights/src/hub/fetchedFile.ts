/** A file that is here. */
export interface FetchedFile {
  /** What it is called: its path in the repository, `model.safetensors`, or its name, `resnet50-11ad3fa6.pth`. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** Where it lies in the cache; none in a page. */
  readonly location: string | undefined
  /**
   * All of its bytes.
   *
   * @throws {CheckpointError} when it can no longer be read; the signal's reason once it is aborted
   */
  bytes(): Promise<Uint8Array>
}

/** A file of the hub that is here. */
export interface HubFile extends FetchedFile {
  /** The commit of the repository that it is of, in full. */
  readonly commit: string
}
