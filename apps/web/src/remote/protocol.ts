/** What one method of a worker takes, gives, and tells on its way. */
export interface Method<Args, Result, Progress = never> {
  readonly args: Args
  readonly result: Result
  readonly progress: Progress
}

/** The methods of a worker, by name. */
export type Methods = Record<string, Method<unknown, unknown, unknown>>

/** What is sent to a worker. */
export type Request =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly id: number }

/** What a worker sends back: any number of steps, then one value or one failure. */
export type Reply =
  | { readonly kind: 'progress'; readonly id: number; readonly step: unknown }
  | { readonly kind: 'value'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }

/** An error on its way between threads. */
export interface Failure {
  /** The name of its class: `ImageError`. */
  readonly name: string
  readonly message: string
}

export function failureOf(error: unknown): Failure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) }
}

/** Whether something ended because somebody no longer wanted it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
