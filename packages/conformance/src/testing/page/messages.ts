import type { Graph, SessionDescription, Shape } from '@resnet-ts/graph'

/** A tensor as a page is handed it: the bytes of its values in base64. */
export interface SentTensor {
  readonly shape: Shape
  readonly data: string
}

/** A network of which the page fetches the values. */
export interface SentNetwork {
  readonly graph: Graph
  /** Each parameter with its count of values, in the order in which these lie one after another. */
  readonly params: readonly (readonly [key: string, shape: Shape, count: number])[]
  /** Where they are. */
  readonly url: string
}

/** What was thrown. */
export interface SentError {
  /** Of its class. */
  readonly name: string
  readonly message: string
  /** Of a `ResnetError`. */
  readonly details?: {
    readonly subject: string
    readonly expected: string
    readonly found: string
    readonly advice?: string
  }
}

/** What came of something: a value, or what was thrown. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: SentError }

/** What the page can be asked for. */
export interface PageBackend {
  isAvailable(): Promise<unknown>
  /** A number by which the session goes from then on. */
  compile(network: SentNetwork): Promise<Outcome<number>>
  run(
    session: number,
    inputs: readonly (readonly [name: string, tensor: SentTensor])[],
  ): Promise<Outcome<readonly (readonly [name: string, tensor: SentTensor])[]>>
  describe(session: number): SessionDescription
  dispose(session: number): Promise<Outcome<null>>
}
