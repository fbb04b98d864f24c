import { ParameterError, ResnetError } from '@resnet-ts/graph'

/** A checkpoint that cannot be found, fetched, recognised, read or written. */
export class CheckpointError extends ResnetError {
  /** `CheckpointError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'CheckpointError'
}

/** A parameter whose shape in the checkpoint is not the graph's. */
export interface Misshapen {
  /** The parameter's, as in the graph. */
  readonly key: string
  /** The graph's shape. */
  readonly expected: readonly number[]
  /** The checkpoint's shape. */
  readonly found: readonly number[]
}

/** What of a checkpoint and a graph does not fit together. */
export interface Mismatches {
  /** Keys that the graph has and the checkpoint lacks, in the graph's order. */
  readonly missing: readonly string[]
  /** Keys that the checkpoint has and the graph lacks, in the checkpoint's order. */
  readonly unexpected: readonly string[]
  /** Keys that both have, with different shapes, in the graph's order. */
  readonly misshapen: readonly Misshapen[]
}

/** A checkpoint that does not fit a graph. The message names the first few keys of each kind; the lists are whole. */
export class BindingError extends ParameterError implements Mismatches {
  /** `BindingError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'BindingError'
  /** Keys that the graph has and the checkpoint lacks, in the graph's order. */
  readonly missing: readonly string[]
  /** Keys that the checkpoint has and the graph lacks, in the checkpoint's order. */
  readonly unexpected: readonly string[]
  /** Keys that both have, with different shapes, in the graph's order. */
  readonly misshapen: readonly Misshapen[]

  constructor(details: ConstructorParameters<typeof ParameterError>[0], mismatches: Mismatches) {
    super(details)
    this.missing = mismatches.missing
    this.unexpected = mismatches.unexpected
    this.misshapen = mismatches.misshapen
  }
}
