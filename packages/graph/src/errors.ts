/** What every error of the project tells. */
export interface ErrorDetails {
  /** The thing at fault: a file, a node, a key, an option. */
  readonly subject: string
  /** What would have been right, in words. */
  readonly expected: string
  /** What was there instead, in words. */
  readonly found: string
  /** What the reader can do about it. */
  readonly advice?: string | undefined
  /** The error that led to this one, as `Error` keeps it. */
  readonly cause?: unknown
}

/**
 * The base of all typed errors: one clear sentence that names the thing, says what was expected, what was found
 * and, where there is something to do, what to do.
 */
export class ResnetError extends Error {
  /** The class, by name: written out in every one, since a minifier changes a class's own name. */
  override readonly name: string = 'ResnetError'
  /** What the sentence is made of. */
  readonly details: ErrorDetails

  constructor(details: ErrorDetails) {
    const { subject, expected, found, advice, cause } = details
    const sentence = `${subject}: expected ${expected}, found ${found}${advice ? `; ${advice}` : ''}.`
    super(sentence, cause === undefined ? undefined : { cause })
    this.details = details
  }
}

/** A graph that cannot be: the subject is the node's name, with its op in brackets, or the graph's. */
export class GraphError extends ResnetError {
  /** `GraphError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'GraphError'
}

/** An input or an intermediate value has a shape that a node cannot take. */
export class ShapeError extends ResnetError {
  /** `ShapeError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'ShapeError'
}

/** Parameters that do not fit the graph. */
export class ParameterError extends ResnetError {
  /** `ParameterError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'ParameterError'
}

/** A backend that is not available, was disposed of, or failed. */
export class BackendError extends ResnetError {
  /** `BackendError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'BackendError'
}

/** An option or an argument outside what is allowed. */
export class OptionError extends ResnetError {
  /** `OptionError`, whatever a minifier makes of the class's name. */
  override readonly name: string = 'OptionError'
}
