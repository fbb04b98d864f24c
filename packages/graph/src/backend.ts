import { describeValue } from './describe.js'
import { BackendError, OptionError, ShapeError } from './errors.js'
import { type Graph, inputsOf } from './graph.js'
import type { ActivationKind } from './ops/activation.js'
import type { Params } from './params.js'
import { inferShapes, type Shapes } from './shapes.js'
import { checkTensor, type Shape, type Tensor } from './tensor.js'

/** Whether a backend can run here, and if not, a reason a person can act on. */
export type Availability =
  | {
      readonly available: true
      /** What would compute, as `describe()` of a session tells it, where the backend knows before. */
      readonly device?: string | undefined
    }
  | { readonly available: false; readonly reason: string }

/** The forms of a fused convolution that a backend takes; `lower` takes all others apart. */
export interface FusedForms {
  /** Whether it adds a residual. */
  readonly residual: boolean
  /** The activations it applies. */
  readonly activations: readonly ActivationKind[]
}

/** What a session says of itself. */
export interface SessionDescription {
  /** The backend's name. */
  readonly backend: string
  /** What computes, in words: `WebAssembly SIMD, 2 threads`. */
  readonly device: string
  /** Why it is not faster, and anything else worth knowing; empty when there is nothing to say. */
  readonly notes: readonly string[]
  /** Bytes of memory that it holds for weights and values, where it knows. */
  readonly memoryBytes?: number | undefined
  /** What each node took in the last run, where the backend was told to measure. */
  readonly profile?: readonly NodeTime[] | undefined
}

/** How long a node took. */
export interface NodeTime {
  /** The node; what was fused into it counts too. */
  readonly node: string
  /** What computed it, in the backend's words. */
  readonly kernel: string
  readonly milliseconds: number
}

export interface RunOptions {
  /** Ends the run early, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A compiled network. It holds all the state there is; nothing is shared between sessions. */
export interface Session {
  /**
   * Computes all outputs of the graph.
   *
   * @param inputs - a tensor for each of the graph's inputs, by name; any batch and image size the network can take
   * @throws {ShapeError} when an input is missing, unknown or misshapen
   * @throws {BackendError} when the session was disposed of, or the backend fails
   */
  run(inputs: Readonly<Record<string, Tensor>>, options?: RunOptions): Promise<Record<string, Tensor>>
  describe(): SessionDescription
  /** Frees everything, once the runs under way have ended. Disposing twice is harmless. */
  dispose(): Promise<void>
}

/** What runs a graph. A new one is an adapter with these members that passes the conformance suite. */
export interface Backend {
  readonly name: string
  readonly fusedForms: FusedForms
  isAvailable(): Promise<Availability>
  /**
   * Packs the parameters, each read once, and prepares the graph. Any graph will do, fused or not: the backend calls
   * `lower` for the forms it does not take. The caller's parameters can be freed afterwards.
   *
   * @param beginning - what this backend's `begin` gave; it is used up
   * @throws {GraphError | ParameterError} when the graph is not whole, or a parameter does not fit
   * @throws {BackendError} when the backend is not available
   */
  compile(graph: Graph, params: Params, beginning?: Beginning): Promise<Session>
  /**
   * Begins what takes time and needs no network, such as starting threads, so that it goes on while one is read. Left out
   * where there is nothing of the kind.
   */
  begin?(): Beginning
}

/** What a backend has begun for the next network. */
export interface Beginning {
  /** Ends it, if `compile` has not made use of it. */
  end(): Promise<void>
}

/**
 * Checks the inputs of a run and works out every shape; the first thing a session does.
 *
 * @throws {ShapeError} when an input is missing, unknown, or has not the shape or the elements it should
 */
export function planInputs(graph: Graph, inputs: Readonly<Record<string, Tensor>>): Shapes {
  const shapes: Record<string, Shape> = {}
  for (const [name, given] of Object.entries(inputs)) {
    const subject = `input '${name}'`
    if (!given) throw new ShapeError({ subject, expected: 'a tensor', found: describeValue(given) })
    checkTensor(given, subject)
    shapes[name] = given.shape
  }
  return inferShapes(graph, shapes)
}

/**
 * The error of a run on a session that was disposed of.
 *
 * @param backend - its name
 */
export function disposedSession(backend: string, graph: Graph): BackendError {
  return new BackendError({
    subject: `the ${backend} session of '${graph.name}'`,
    expected: 'a session in use',
    found: 'one that was disposed of',
    advice: 'compile the graph again',
  })
}

/**
 * The name of a graph's only input.
 *
 * @throws {OptionError} when it has none, or several
 */
export function onlyInput(graph: Graph): string {
  const names = inputsOf(graph).map((node) => node.name)
  if (names.length !== 1) {
    throw new OptionError({ subject: `graph '${graph.name}'`, expected: 'one input', found: String(names.length) })
  }
  return names[0]!
}
